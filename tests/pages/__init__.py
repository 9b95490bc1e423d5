"""Every page in Chromium: sound in each state, walked by keyboard, unmoved by hostile texts."""
