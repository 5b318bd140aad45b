"""Session descriptions: parsing behind one guarded entry, and writing our own."""
