"""Pages in a browser: FastAPI owns routes and media, Gradio pages are mounted beside them.

Invariant: no model library is imported in this process, and nothing here writes to the store.
"""
