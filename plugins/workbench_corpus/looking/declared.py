"""The live tool that shows where a word stands."""

from __future__ import annotations

from workbench.api import Handle, Layer, Panel, Tool, domain

from .params import Contexts

CHOOSE = (Handle("select", "word"),)
CONTEXTS = Tool(
    id="corpus-contexts",
    title="Words in their contexts",
    params=Contexts,
    run=".looking.job:run",
    live=True,
    description="Shows where a word stands in a corpus that was counted with every token kept, how often in each "
    "file, folder or year, and what would change were it cut otherwise.",
    panels=(
        Panel("words", "table", "words", CHOOSE, title="Words", help="Click one to see its contexts."),
        Panel("cloud", "text", "cloud", CHOOSE, title="Cloud", help="The larger, the more frequent. Click a word."),
        Panel("about", "text", "about", title="How often"),
        Panel(
            "cuts",
            "table",
            "cuts",
            CHOOSE,
            title="How it was cut",
            help="Every way in which the text was cut between words, and how often. Click one to see only those.",
        ),
        Panel(
            "contexts", "table", "contexts", title="Contexts", help="A space between words shows where they are cut."
        ),
        Panel(
            "groups",
            parts=(Layer("bars", "groups"),),
            title="Per million words",
            help="By file, folder or column: the groups with most occurrences, in the order of their names.",
        ),
        Panel("by", "table", "by", title="Counts"),
        Panel(
            "runs", "table", "runs", CHOOSE, title="Words around it", help="Runs of words that hold it, without marks."
        ),
        Panel(
            "anew", "table", "anew", title="Cut anew", help="Texts that hold the words of your own, before and after."
        ),
        Panel(
            "changed",
            "table",
            "changed",
            CHOOSE,
            title="Counts changed",
            help="By words of your own, in the whole corpus. To keep them, count again with them in the dictionary.",
        ),
        Panel(
            "beside", "table", "beside", CHOOSE, title="Two counts", help="Words that another count counts otherwise."
        ),
    ),
    layout="(words, cloud / cuts, runs / about) | (contexts / (groups, by | changed, anew, beside))",
    threads=1,
)

T = domain("workbench_corpus")
COLUMNS = (
    T("word"), T("count"), T("cut"), T("words"), T("left"), T("right"), T("file"), T("document"), T("group"),
    T("tokens"), T("per million"), T("before"), T("after"), T("change"), T("here"), T("there"), T("corpus"),
    T("characters"),
)  # fmt: skip
"""Names of columns, the order of the corpus and a unit, as tables and form show them in the reader's language."""
