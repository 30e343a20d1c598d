"""What a program does with an incident after it was filed: messages and files, and the work of the desk."""
