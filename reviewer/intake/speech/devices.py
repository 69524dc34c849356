"""Which processor recognition runs on: a GPU where there is one that its library can use.

Invariant: nothing here needs a GPU, and asking loads no model.
"""


def has_gpu() -> bool:
    """Whether ctranslate2, which faster-whisper runs on, finds a CUDA device."""
    import ctranslate2

    return int(ctranslate2.get_cuda_device_count()) > 0
