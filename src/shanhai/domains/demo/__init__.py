"""The demonstration: real published facts beside one 模拟 county pair. Everything generated says 模拟."""
