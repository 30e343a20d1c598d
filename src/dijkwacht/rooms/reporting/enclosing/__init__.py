"""Files that go with a report while it is filed: kept with the draft, or handed in with the form or by a program."""
