"""Who holds an address, by the files of the internet registries: imported offline, kept with their date and source."""
