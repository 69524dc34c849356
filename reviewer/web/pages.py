"""The pages as Gradio Blocks: empty rooms whose walls stand before anything is in them.

Invariant: no text of a candidate passes through Gradio; page.js fills the ``data-part`` places
from ``/live``, ``/review`` and ``/training`` (see docs/decisions/0071 and 0134).
"""

import warnings

import gradio as gr
from fastapi import FastAPI
from gradio.components.navbar import Navbar

from reviewer.web.rendering import asset_path, page_templates

QUEUE_PAUSE_S = 0.05


def mount_pages(app: FastAPI) -> None:
    """Mount the pages at the root; routes that `app` has already go first."""
    with warnings.catch_warnings():
        # Gradio says of any mounted app with several pages that it turns server-side rendering
        # off, even where it is off already.
        warnings.filterwarnings("ignore", message="SSR mode is not supported")
        gr.mount_gradio_app(
            app,
            _blocks(),
            path="/",
            run_history=False,
            footer_links=[],
            ssr_mode=False,
            show_error=False,
            theme=gr.themes.Base(
                font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
            ),
            head="".join(
                f'<link rel="stylesheet" href="{asset_path(name)}">'
                for name in ("page.css", "training.css")
            ),
        )


def _blocks() -> gr.Blocks:
    pages = gr.Blocks(title="reviewer", analytics_enabled=False)
    # Gradio looks at its queue every millisecond, which takes a twentieth of a core for nothing;
    # 50 ms is what it uses on Windows.
    pages._queue.sleep_when_free = QUEUE_PAUSE_S
    with pages:
        Navbar(visible=False)
        with gr.Column(elem_id="hall"):
            _html("hall.html.j2", js="page.openHall()")
    with pages.route("Submission", "/submission", show_in_navbar=False):
        Navbar(visible=False)
        _room("head", "player", "work", "card", js="page.openRoom()")
    _training(pages)
    return pages


def _training(pages: gr.Blocks) -> None:
    with pages.route("Training", "/training", show_in_navbar=False):
        Navbar(visible=False)
        with gr.Column(elem_id="hall"):
            _html("training.html.j2", js="page.openTraining()")
    with pages.route("Practice", "/practice", show_in_navbar=False):
        Navbar(visible=False)
        _room(
            "practice_head",
            "practice_sheets",
            "practice_work",
            "practice_room",
            js="page.openPractice()",
        )


def _room(head: str, player: str, work: str, element: str, js: str) -> None:
    """A head, what plays beneath it, and the work beside the element, each by its template."""
    with gr.Column(elem_id="room"):
        _html(f"{head}.html.j2", elem_id="head")
        _html(f"{player}.html.j2", elem_id="player")
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="work"):
                _html(f"{work}.html.j2")
            with gr.Column(elem_id="element"):
                _html(f"{element}.html.j2", js=js)


def _html(template: str, elem_id: str | None = None, js: str | None = None) -> gr.HTML:
    script = f"import('{asset_path('page.js')}').then(page => {js})" if js else None
    return gr.HTML(
        page_templates().get_template(template).render(),
        elem_id=elem_id,
        apply_default_css=False,
        js_on_load=script,
    )
