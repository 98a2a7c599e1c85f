"""What the program and its tests are made of: `make lock`, `make audit`, `make sbom`."""
