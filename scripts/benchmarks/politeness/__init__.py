"""What harvesting many hosts takes beside what its manners allow."""
