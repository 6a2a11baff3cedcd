"""What a script written for one purpose comes to: tickets over aiohttp, parsed with json, upserted
with sqlite3; no plugin, no state, no limits, no schema.

    reference_pull.py pull|index URL AUTHORIZATION DATABASE

`index` makes a search index over what was pulled.
"""

import asyncio
import json
import sqlite3
import sys

import aiohttp

EXPORT = "/api/v2/incremental/tickets/cursor.json"
TABLE = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE cursor (value TEXT);
INSERT INTO cursor VALUES ('');
CREATE TABLE tickets (source TEXT, source_id INTEGER, status TEXT, priority TEXT, created_at TEXT,
  updated_at TEXT, version INTEGER, customer_id INTEGER, customer_email TEXT, customer_name TEXT,
  url TEXT, title TEXT, content TEXT, metadata TEXT, UNIQUE (source, source_id));
"""
UPSERT = """
INSERT INTO tickets VALUES ('zendesk', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET status = excluded.status, priority = excluded.priority,
  created_at = excluded.created_at, updated_at = excluded.updated_at, version = excluded.version,
  customer_id = excluded.customer_id, customer_email = excluded.customer_email,
  customer_name = excluded.customer_name, url = excluded.url, title = excluded.title,
  content = excluded.content, metadata = excluded.metadata
"""
INDEX = """
CREATE VIRTUAL TABLE search USING fts5(title, content,
  tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO search (rowid, title, content) SELECT rowid, title, content FROM tickets;
"""


# What becomes of a ticket's members beside its columns: Earshot's record keeps the same.
METADATA = ("tags", "status", "custom_status_id", "type", "priority", "organization_id", "group_id",
            "assignee_id", "submitter_id", "brand_id", "ticket_form_id", "external_id",
            "problem_id", "satisfaction_rating", "custom_fields")


def metadata(ticket):
    kept = {name: ticket[name] for name in METADATA if ticket.get(name) is not None}
    kept["channel"] = ticket["via"]["channel"]
    return json.dumps(kept, ensure_ascii=False)


def rows(page):
    users = {user["id"]: user for user in page["users"]}
    for ticket in page["tickets"]:
        user = users.get(ticket["requester_id"], {})
        yield (ticket["id"], ticket["status"], ticket["priority"], ticket["created_at"],
               ticket["updated_at"], ticket["generated_timestamp"], ticket["requester_id"],
               user.get("email"), user.get("name"), ticket["url"], ticket["subject"],
               ticket["description"], metadata(ticket))


async def pull(base, authorization, file):
    database = sqlite3.connect(file)
    database.executescript(TABLE)
    query = {"start_time": "946684800"}
    headers = {"Authorization": authorization}
    async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session:
        while True:
            query.update(per_page="100", include="users")
            async with session.get(base + EXPORT, params=query) as answer:
                page = json.loads(await answer.read())
            with database:
                database.executemany(UPSERT, rows(page))
                database.execute("UPDATE cursor SET value = ?", (page["after_cursor"],))
            if page["end_of_stream"]:
                return
            query = {"cursor": page["after_cursor"]}


mode, url, authorization, file = sys.argv[1:]
if mode == "pull":
    asyncio.run(pull(url, authorization, file))
else:
    sqlite3.connect(file).executescript(INDEX)
