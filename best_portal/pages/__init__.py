"""What a public site must say of itself, barriers people report, and how small figures are told."""
