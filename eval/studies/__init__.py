"""One study a file; `eval.study` says what a study module offers."""
