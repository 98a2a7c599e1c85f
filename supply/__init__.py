"""What the program and its tests are made of: locked, judged and listed (`make lock audit sbom`)."""
