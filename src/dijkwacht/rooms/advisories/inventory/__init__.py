"""What organisations run, told by themselves: lists, files, bills of materials, or what notices showed."""
