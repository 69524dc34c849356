"""Every address of a submission: the calls of the REST interface, and what the pages ask for.

Invariant: `test_roles` holds these lists against the routes of the application itself, so a new
route is tried by every role, or the tests say that it is missing here.
"""

import house_sample as sample

ROUTES = (
    ("GET", "/submissions/{}"),
    ("POST", "/submissions/{}/first-pass", {"do": "pause"}),
    ("GET", "/submissions/{}/summary"),
    ("GET", "/submissions/{}/elements/greeting"),
    ("POST", "/submissions/{}/elements/greeting/rate", {"level": 1, "version": 0}),
    ("POST", "/submissions/{}/elements/greeting/reveal", {}),
    ("POST", "/submissions/{}/elements/greeting/citations/1/open", {}),
    ("POST", "/submissions/{}/elements/greeting/decide", {"level": 1, "version": 0}),
    ("PUT", "/submissions/{}/elements/greeting/note", {"words": "x"}),
    (
        "POST",
        "/submissions/{}/elements/greeting/marks",
        {"artifact": sample.VIDEO.id, "start": 0, "end": 3},
    ),
    (
        "POST",
        "/submissions/{}/elements/greeting/marks/times",
        {"artifact": sample.VIDEO.id, "start_s": 0, "end_s": 3},
    ),
    ("DELETE", "/submissions/{}/elements/greeting/marks/1"),
    ("POST", "/submissions/{}/elements/greeting/time", {"seconds": 1}),
    ("POST", "/submissions/{}/finalize", {"outcome": "awarded"}),
    ("POST", "/submissions/{}/assign", {"name": "evaluator", "kind": "first"}),
    ("PUT", "/submissions/{}/candidate", {"name": "Ms. Brown"}),
    ("POST", "/submissions/{}/validity", {}),
    ("GET", "/submissions/{}/export/ratings.csv"),
    ("GET", "/submissions/{}/export/ratings.parquet"),
    ("GET", "/submissions/{}/export/full.json"),
    ("GET", "/submissions/{}/export/report.html"),
    ("GET", f"/submissions/{{}}/export/chapters/{sample.VIDEO.id}.vtt"),
    ("GET", "/submissions/{}/export/badge.json"),
    ("GET", "/submissions/{}/export/letter.html"),
    ("GET", "/submissions/{}/export/letter.docx"),
)
PAGES = (
    "/live/{}",
    "/review/{}/greeting",
    f"/text/{{}}/{sample.VIDEO.id}",
    "/search/{}?q=a",
    "/finish/{}",
    f"/media/{{}}/{sample.VIDEO.id}",
    f"/captions/{{}}/{sample.VIDEO.id}.vtt",
    f"/page/{{}}/{sample.PLANS.id}/1",
    "/report/{}",
    "/result/{}.json",
    "/submission?id={}",
    "/adjudication/{}",
)
PEOPLE = (
    ("GET", "/people"),
    (
        "POST",
        "/people/add",
        {"name": "new", "password": "a long enough one", "role": "issuer", "credential": "*"},
    ),
    ("POST", "/people/grant", {"name": "trainee", "role": "issuer", "credential": "*"}),
    ("POST", "/people/revoke", {"name": "trainee", "role": "trainee", "credential": "*"}),
    ("POST", "/people/password", {"name": "trainee", "password": "a long enough one"}),
    ("POST", "/people/disable", {"name": "trainee"}),
    ("POST", "/people/enable", {"name": "trainee"}),
)
"""The pages of people, and the forms that they send."""
