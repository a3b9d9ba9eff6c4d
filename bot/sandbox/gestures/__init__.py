"""The actions of people, administrators and other apps."""
