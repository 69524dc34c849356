"""What a signed-in person does: every act asks for permission here, whoever calls.

Invariant: pages, files and REST calls reach submissions through this room alone, and each of its
methods takes the person first; so there is no way to a submission around `Cases.open`.
"""
