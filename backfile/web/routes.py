"""The table of routes, whole: nothing is reached that is not here."""

from __future__ import annotations

from typing import Any

from backfile.desk.tokens import Scope
from backfile.views.asking import FacetRow, PageRow, SimilarRow, ValuesRow
from backfile.views.bringing import ImportedRow, JobRow
from backfile.views.files import MentionRow
from backfile.views.keeping import NoteRow, SavedRow, SearchRow, StatusRow, TagsRow, WatchRow
from backfile.views.names import NameRow
from backfile.views.reading import CaptureRow, CitationRow, DifferenceRow, EntryRow, LinkRow, VersionRow
from backfile.web import api, asked, exporting, feeds, uploads
from backfile.web.asked import Listed
from backfile.web.front import FRONT
from backfile.web.pages import (
    about,
    articles,
    bringing,
    correcting,
    exploring,
    facets,
    helping,
    history,
    keeping,
    leaving,
    login,
    mapping,
)
from backfile.web.params import Nothing
from backfile.web.route import UPLOADS, Handler, Kind, Route, page
from backfile.web.urls import API

READ, ADD, EDIT = Scope.READ, Scope.ADD, Scope.EDIT
ID = "/article/{id}"
_FOUND = ("parameter", "query", "too-broad", "cursor", "busy")
_ONE = ("not-found", "usage")
_CHANGES = (*_ONE, "request", "media-type", "locked", "cross-site", "disk")


def _form(path: str, scope: Scope | None, handler: Handler, params: type = Nothing) -> Route:
    return Route("POST", path, scope, handler, params)


def _feed(path: str, handler: Handler, type_: str, params: type = feeds.FeedParams) -> Route:
    return Route("GET", path, READ, handler, params, Kind.FEED, kept=True, type=type_)


def _api(
    method: str, path: str, scope: Scope, handler: Handler, says: str, gives: Any, *, params: type = Nothing,
    body: type | None = None, status: int = 200, type_: str = "application/json", kept: bool = False,
    raises: tuple[str, ...] = _ONE,
) -> Route:  # fmt: skip
    return Route(
        method, f"{API}{path}", scope, handler, params, Kind.API, says, gives, kept, body, type_, status, raises=raises
    )


PAGES: tuple[Route, ...] = (
    *FRONT,
    page("/facets/{field}.csv", facets.as_csv, facets.CsvParams, kept=True),
    page("/facets/{field}", facets.facet, facets.FacetParams, kept=True),
    page(f"{ID}.json", api.as_page_json),
    page(ID, articles.article, articles.ArticleParams, kept=True),
    page(f"{ID}/v/{{number}}", articles.version, articles.ArticleParams, kept=True),
    page(f"{ID}/sources", history.sources, kept=True),
    page(f"{ID}/versions", history.versions, kept=True),
    page(f"{ID}/evidence", history.evidence, kept=True),
    page(f"{ID}/similar", history.similar, kept=True),
    page(f"{ID}/beside", articles.beside, articles.BesideParams),
    page(f"{ID}/diff/{{old}}..{{new}}", history.diff, history.DiffParams, kept=True),
    page(f"{ID}/proof", leaving.proof, leaving.ProofParams),
    page("/timemap/link/{url:path}", leaving.time_map),
    page("/page/{capture}", history.framed, kept=True),
    page("/captures/{url:path}", history.captures),
    page("/captures", leaving.captures, leaving.UrlParams),
    page("/out", leaving.out, leaving.OutParams),
    page("/add", bringing.add, bringing.AddParams),
    page("/jobs", bringing.jobs),
    page("/jobs/{number}", bringing.job),
    page("/saved", keeping.saved, keeping.SavedParams),
    page("/watch", keeping.watch, keeping.SavedParams),
    page("/name/{kind}/{name:path}", exploring.name, kept=True),
    page("/site/{name:path}", exploring.outlet, kept=True),
    page("/coverage", exploring.coverage, exploring.CoverageParams, kept=True),
    page("/coverage.csv", exploring.coverage_csv, exploring.CoverageParams, kept=True),
    page("/check", exploring.check_form),
    page("/map", mapping.on_map, mapping.MapParams, kept=True),
    page("/together", exploring.together, exploring.TogetherParams, kept=True),
    page("/rules", correcting.rules),
    page("/changes", about.changes, about.ChangesParams, kept=True),
    page("/status", about.status),
    page("/help/query", helping.query),
    page("/help/keys", helping.keys),
    page("/help/problems", helping.problem_kinds),
    page("/api", helping.api),
    page("/export", leaving.export, exporting.ExportParams),
    Route("GET", "/login", None, login.login, login.LoginParams),
    _form("/login", None, login.enter, login.LoginForm),
    _form("/logout", None, login.leave),
    _form(f"{ID}/tags", EDIT, articles.tag, articles.TagsForm),
    _form(f"{ID}/edit", EDIT, articles.edit, articles.EditForm),
    _form(f"{ID}/note", EDIT, articles.note, articles.NoteForm),
    _form("/check", EDIT, exploring.check, exploring.CheckForm),
    _form("/add", ADD, bringing.begin, bringing.AddForm),
    Route("POST", UPLOADS[0], ADD, uploads.from_form, uploads=True),
    _form("/jobs/{number}/stop", ADD, bringing.stop),
    _form("/jobs/{number}/resume", ADD, bringing.resume),
    _form("/saved", EDIT, keeping.save, keeping.SaveForm),
    _form("/saved/forget", EDIT, keeping.forget, keeping.ForgetForm),
    _form("/rules/same", EDIT, correcting.same, correcting.SameForm),
    _form("/rules/hide", EDIT, correcting.hide, correcting.HideForm),
    _form("/rules/back", EDIT, correcting.back, correcting.BackForm),
    _form("/watch", EDIT, keeping.begin_watch, keeping.WatchForm),
    _form("/watch/look", ADD, keeping.look),
    _form("/watch/forget", EDIT, keeping.end_watch, keeping.ForgetForm),
)

FEEDS: tuple[Route, ...] = (
    _feed("/search.atom", feeds.atom, feeds.ATOM),
    _feed("/search.jsonfeed", feeds.json_feed, feeds.JSON_FEED),
    _feed("/changes.atom", feeds.changes, feeds.ATOM),
    _feed("/changes.jsonfeed", feeds.changes_json, feeds.JSON_FEED),
    Route("GET", "/jobs/{number}/events", READ, bringing.events, kind=Kind.API),
    Route("GET", f"{API}/jobs/{{number}}/events", READ, bringing.events, kind=Kind.API),
    Route("GET", "/suggestions", READ, feeds.suggestions, feeds.FeedParams, Kind.API),
    Route("GET", "/opensearch.xml", None, feeds.opensearch, kind=Kind.STATIC),
)

THE_API: tuple[Route, ...] = (
    Route("GET", "/search.json", READ, api.search, asked.SearchParams, Kind.API, kept=True),
    _api("GET", "/search", READ, api.search, "Search: a page of hits, with facets", PageRow, params=asked.SearchParams,
         kept=True, raises=_FOUND),
    _api("GET", "/facets/{field}", READ, api.facet, "Count the values of a facet", ValuesRow, params=asked.FacetParams,
         kept=True, raises=_FOUND),
    _api("GET", "/suggest", READ, api.suggest, "Complete what is typed", Listed[FacetRow], params=asked.SuggestParams,
         raises=_FOUND),
    _api("GET", "/export", READ, api.export, "Every article that matches, as a file", None, params=asked.ExportParams,
         type_="application/octet-stream", raises=(*_FOUND, "usage")),
    _api("GET", "/articles", READ, api.found, "The article of an address", EntryRow, params=asked.FindParams,
         raises=(*_ONE, "parameter")),
    _api("GET", "/articles/{id}", READ, api.article, "Everything that is held on a page", EntryRow),
    _api("GET", "/articles/{id}/text", READ, api.text, "The text of an article", None, type_=api.TEXT, kept=True),
    _api("GET", "/articles/{id}/mentions", READ, api.mentions, "Names and dates in an article",
         Listed[MentionRow], kept=True),
    _api("GET", "/articles/{id}/links", READ, api.links, "What an article cites", Listed[LinkRow], kept=True),
    _api("GET", "/articles/{id}/citedby", READ, api.cited_by, "What cites an article", Listed[CitationRow], kept=True),
    _api("GET", "/articles/{id}/similar", READ, api.similar, "Articles like one", Listed[SimilarRow],
         params=asked.LimitParams, kept=True, raises=(*_ONE, "parameter")),
    _api("GET", "/articles/{id}/versions", READ, api.versions, "The texts that a page has carried",
         Listed[VersionRow], kept=True),
    _api("GET", "/articles/{id}/captures", READ, api.captures, "Every capture of a page", Listed[CaptureRow],
         kept=True),
    _api("GET", "/articles/{id}/diff/{old}..{new}", READ, api.diff, "How two versions differ", DifferenceRow,
         kept=True),
    _api("GET", "/articles/{id}/tags", READ, api.article_tags, "The tags on an article", TagsRow),
    _api("POST", "/articles/{id}/tags", EDIT, api.tag, "Put tags on an article and take others away", TagsRow,
         body=asked.Tags, raises=(*_CHANGES, "changed")),
    _api("PUT", "/articles/{id}/note", EDIT, api.note, "Write the note on an article", NoteRow, body=asked.Note,
         raises=(*_CHANGES, "changed")),
    _api("GET", "/captures/{id}", READ, api.capture, "One capture", CaptureRow),
    _api("GET", "/captures/{id}/payload", READ, api.payload, "What a capture holds, byte for byte", None,
         type_=api.BYTES, raises=(*_ONE, "damaged")),
    _api("GET", "/names", READ, api.names, "Whom and what the archive names", Listed[NameRow], params=asked.NamesParams,
         kept=True, raises=("parameter",)),
    _api("GET", "/tags", READ, api.tags, "The tags in use", ValuesRow, params=asked.FacetParams, kept=True,
         raises=_FOUND),
    _api("GET", "/saved", READ, api.saved, "The saved searches", Listed[SearchRow], raises=()),
    _api("POST", "/saved", EDIT, api.save, "Give a query a name", SavedRow, body=asked.Save, status=201,
         raises=(*_CHANGES, "query")),
    _api("DELETE", "/saved/{name}", EDIT, api.forget, "Forget a saved search", SearchRow, raises=(*_ONE,
         "locked", "cross-site")),
    _api("GET", "/watches", READ, api.watches, "What is watched", Listed[WatchRow], raises=()),
    _api("GET", "/jobs", READ, api.jobs, "The jobs that there were", Listed[JobRow], params=asked.JobsParams,
         raises=("parameter",)),
    _api("POST", "/jobs", ADD, api.begin_job, "Archive pages", JobRow, body=asked.AddJob, status=202,
         raises=(*_CHANGES, "parameter")),
    Route("POST", UPLOADS[1], ADD, uploads.begin_import, uploads.ImportParams, Kind.API, "Import a file", JobRow,
          status=202, uploads=True, raises=(*_CHANGES, "parameter", "too-large")),
    _api("GET", "/jobs/{number}", READ, api.job, "How far a job is", JobRow),
    _api("GET", "/jobs/{number}/items", READ, api.job_items, "The items of a job", Listed[ImportedRow],
         params=asked.ItemsParams, raises=(*_ONE, "parameter")),
    _api("DELETE", "/jobs/{number}", ADD, api.stop_job, "Stop a job", JobRow, status=202, raises=(*_ONE, "cross-site")),
    _api("GET", "/status", READ, api.status, "The archive in numbers", StatusRow, raises=()),
    Route("GET", f"{API}/openapi.json", READ, helping.openapi, kind=Kind.API, says="This description", gives=dict),
)  # fmt: skip

ROUTES: tuple[Route, ...] = (*THE_API, *FEEDS, *PAGES)
