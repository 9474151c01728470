"""Parts of the compiled engine, each beside the file of the SimPy engine that it follows, and compiled uniforms."""
