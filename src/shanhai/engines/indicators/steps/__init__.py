"""Steps from raw data to normalised data, each a pure function from frame to frame."""
