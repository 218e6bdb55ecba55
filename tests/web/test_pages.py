"""What the pages say, and how they are served."""

from __future__ import annotations

import html
import re

import pytest

from reporting.ports import Store
from reporting.web.app import create_app
from tests.store.memory import MemoryStore
from tests.web.client import Client
from tests.web.examples import CASE, PATIENT, RUN, a_definition, fill

PAGES = ["/", f"/runs/{RUN}", "/runs/running", f"/runs/{RUN}?page=2", f"/records/{CASE}", "/registries/hjerneslag"]


def words(client: Client, path: str) -> str:
    """The visible text of a page, spaces folded."""
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text))).replace(" ,", ",")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_guards_itself(client: Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:;")
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", [*PAGES, "/nowhere"])
def test_no_page_needs_a_script_or_inline_style_or_another_host(client: Client, path: str) -> None:
    page = client.get(path).text
    assert '<html lang="nb">' in page
    assert re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", page) is None
    assert [link for link in re.findall(r'(?:href|src)="([^"]*)"', page) if "//" in link] == []


@pytest.mark.parametrize("path", PAGES)
def test_every_link_leads_somewhere(client: Client, path: str) -> None:
    page = client.get(path).text
    for link in set(re.findall(r'(?:href|src)="(/[^"]*)"', page)):
        assert client.get(link).status_code == 200, link
    for anchor in set(re.findall(r'href="#([^"]*)"', page)):
        assert f'id="{anchor}"' in page


@pytest.mark.parametrize("path", PAGES)
def test_ids_are_unique(client: Client, path: str) -> None:
    ids = re.findall(r'\sid="([^"]*)"', client.get(path).text)
    assert len(ids) == len(set(ids))


def test_the_overview_has_registries_and_runs(client: Client) -> None:
    page = words(client, "/")
    assert "Norsk hjerneslagregister Norwegian stroke registry Versjon Version 3" in page
    assert "8 Variabler Variables ● automatisk automatic 4 50 % ◐ foreslått proposed 2 25 %" in page
    assert "2025-03-02 13:00" in page, "runs start in local time"
    assert "71 71 70 … i kø queued 70 ± delvis godtatt partly accepted 1" in page
    assert "automatisk automatic 300 60 %" in page
    assert page.index("2025-03-02 14:00") < page.index("2025-03-02 13:00"), "the newest run comes first"


def test_the_overview_of_an_empty_store(client: Client) -> None:
    assert client.get("/").status_code == 200
    empty = Client(create_app(MemoryStore(), {}))
    assert "Ingen kjøringer ennå. No runs yet." in words(empty, "/")


def test_a_run_tells_what_was_read_and_what_came_of_it(client: Client) -> None:
    page = words(client, f"/runs/{RUN}")
    assert "Oppføringer lest Entries read 48 210" in page
    assert "entered_in_error 12" in page
    assert "journal.ndjson:17 not JSON" in page
    assert "Ingen innleggelse er knyttet til diagnosen No stay is linked to the diagnosis 5" in page
    assert "NIHSS ved innkomst NIHSS on arrival NIHSSinnkomst" in page
    assert "9 Journalen har ingen slik oppføring The journal has no such entry" in page
    assert "Verdien er utenfor det rimelige The value is outside what is plausible 4" in page
    assert "sendes send 70" in page


def test_a_run_lists_its_records_in_pages(client: Client) -> None:
    first, second = client.get(f"/runs/{RUN}").text, client.get(f"/runs/{RUN}?page=2").text
    links = [re.findall(r'href="/records/(\w+)"', page) for page in (first, second)]
    assert [len(found) for found in links] == [50, 21]
    assert links[0][0] == CASE, "the earliest case comes first"
    assert len({*links[0], *links[1]}) == 71
    assert 'href="?page=2#records"' in first
    assert 'href="?page=1#records"' in second
    assert "?page=3" not in second


def test_a_record_shows_every_variable_in_the_definitions_order(client: Client) -> None:
    rows = re.findall(r'<tr role="row" id="v-([^"]*)" class="(\w+)"', client.get(f"/records/{CASE}").text)
    assert rows == [
        ("Slagdiagnose", "automatic"),
        ("NIHSSinnkomst", "automatic"),
        ("Kreatinin", "proposed"),
        ("PreDiabetes", "automatic"),
        ("TidTilSykehus", "empty"),
        ("Symptomdebut", "automatic"),
        ("Transportmetode", "manual"),
        ("NyVariabel", "empty"),
        ("Utgått", "automatic"),
    ]


def test_a_record_explains_its_values(client: Client) -> None:
    page = words(client, f"/records/{CASE}")
    assert "2 nei no Hvorfor? Why? Kjent diabetes: nei; ingen oppføring om dette i journalen, som har" in page
    assert "av 3 målinger. NIHSS on arrival: 7, measured 2025-03-02 14:10, 15 minutes after admission;" in page
    assert "of 3 measurements. Sporet, for dem som steller med reglene The trace," in page
    assert "Journaloppføring Journal entry Condition/c1 Kode Code icd10:I639" in page
    assert "Kart Map stroke-type@2 Rad i kartet Row of the map icd10:I63" in page
    assert "Oppføringene ligger utenfor tidsrommet som teller The entries fall outside" in page
    assert "Ikke i denne registreringen Not in this record" in page


def test_a_record_shows_findings_messages_and_receipts(client: Client) -> None:
    page = words(client, f"/records/{CASE}")
    assert "advarsel warning Verdien er utenfor det rimelige" in page
    assert page.index("a_rule_of_yesterday") < page.index("Verdien er utenfor"), "the gravest comes first"
    assert "± delvis godtatt partly accepted → sendes send" in page
    assert "foreløpig preliminary" in page
    assert "E20 Ukjent kode" in page
    assert re.search(r"i kø queued .*mottakeren tok ikke imot .*\(503\) .*delvis godtatt partly accepted", page)


def test_what_a_record_holds_is_escaped(client: Client) -> None:
    page = client.get(f"/records/{CASE}").text
    assert "&lt;b&gt;1&lt;/b&gt;" in page
    assert "<b>" not in page


@pytest.mark.parametrize("path", PAGES)
def test_titles_and_links_do_not_tell_who_the_patient_is(client: Client, path: str) -> None:
    page = client.get(path).text
    (title,) = re.findall(r"<title>(.*?)</title>", page)
    assert PATIENT not in title
    assert [link for link in re.findall(r'href="([^"]*)"', page) if PATIENT in link] == []


def test_the_message_itself_is_on_no_page(client: Client) -> None:
    assert "MsgHead" not in "".join(client.get(path).text for path in PAGES)


def test_a_registry_is_a_readable_page(client: Client) -> None:
    page = words(client, "/registries/hjerneslag")
    assert "diagnoser med kode snomed << 230690007; icd10 I61, I63, I64" in page
    assert "mulig 0 til 42 possible 0 to 42" in page
    assert "1 Hjerneblødning Cerebral haemorrhage 2 infarct 3 Uspesifisert hjerneslag Unspecified stroke" in page
    assert "Fylles ut av en person. A person fills it in." in page
    assert "Symptomdebut ikke senere enn NyVariabel" in page
    assert "pasienten kan reservere seg" in page


@pytest.mark.parametrize("path", ["/nowhere", "/runs/none", "/records/00ff", "/registries/none", "/static/none.css"])
def test_what_is_not_there_is_a_404_page(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Fant ikke siden" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999"])
def test_a_page_that_makes_no_sense_is_a_400_page(client: Client, page: str) -> None:
    answer = client.get(f"/runs/{RUN}?page={page}")
    assert answer.status_code == 400
    assert "Forespørselen kan ikke brukes" in answer.text


def test_only_reading_is_offered(client: Client) -> None:
    for path in PAGES:
        assert client.request("POST", path).status_code == 405
    for hidden in ("/docs", "/openapi.json", "/redoc"):
        assert client.get(hidden).status_code == 404


def test_another_host_name_is_refused(client: Client) -> None:
    assert client.get("/", host="evil.example").status_code == 400


def test_the_style_sheet_may_be_kept(client: Client) -> None:
    answer = client.get("/static/registerbro.css")
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert "@import" not in answer.text and "url(" not in answer.text


class _Broken(MemoryStore):
    def runs(self, limit: int = 50) -> tuple[()]:
        raise RuntimeError(f"{PATIENT} {limit}")


def test_a_fault_tells_nothing_and_is_guarded() -> None:
    broken = Client(create_app(_Broken(), {}))
    answer = broken.get("/")
    assert answer.status_code == 500
    assert "Noe gikk galt" in answer.text
    assert PATIENT not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_record_whose_definition_is_gone_is_still_shown() -> None:
    store: Store = MemoryStore()
    fill(store)
    orphan = Client(create_app(store, {}))
    assert "NIHSSinnkomst: 7, registrert 2025-03-02 14:10" in words(orphan, f"/records/{CASE}")
    assert 'href="/registries/' not in orphan.get(f"/runs/{RUN}").text
    assert a_definition().title.nb not in words(orphan, f"/runs/{RUN}")
