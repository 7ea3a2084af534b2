# What default settings refuse and should not. Each text here is a fault to be mended; the file must shrink.
