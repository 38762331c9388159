"""A client that others wrote, python3-websockets: follows, edits, is cut, and takes up where it was."""

import asyncio
import itertools
import json

import websockets

WAIT_SECONDS = 15


async def until(socket, frames, matches):
    """The first frame that matches, of those that came and those that come."""
    while True:
        for frame in frames:
            if matches(frame):
                frames.remove(frame)
                return frame
        frames += json.loads(await asyncio.wait_for(socket.recv(), WAIT_SECONDS))


def connect(origin, cookie):
    return websockets.connect(origin.replace("http", "ws") + "/v1/live", origin=origin, subprotocols=["mosty.v1"],
                              extra_headers={"Cookie": cookie}, ping_timeout=WAIT_SECONDS)


async def edit(socket, frames, ids, proposal, title):
    name = f"c-round-trip-{next(ids)}"
    await socket.send(json.dumps({"type": "command", "id": name, "stream": proposal, "name": "edit_proposal",
                                  "data": {"title": title}}))
    return await until(socket, frames, lambda one: one["type"] in ("done", "refused") and one["id"] == name)


async def run(origin, cookie, asked):
    """Why it fails, or nothing."""
    town = asked(origin, "/v1/me", cookie=cookie)[0]["organisation"]
    rows = asked(origin, f"/v1/lists/partnerships/{town}", cookie=cookie)[0]["rows"]
    partnership = next(row["id"] for row in rows if row["status"] == "active")
    proposal, ids = f"proposal/{partnership}_round-trip", itertools.count()
    asked(origin, "/v1/commands", {"id": "c-round-trip-draft", "stream": proposal, "name": "draft_proposal", "data": {
        "partnership": partnership, "title": "Bridges", "sectors": ["water_supply"]}}, cookie)
    faults = []

    async with connect(origin, cookie) as socket:
        frames = []
        welcome = await until(socket, frames, lambda one: one["type"] == "welcome")
        await socket.send(json.dumps({"type": "follow", "topic": proposal}))
        await until(socket, frames, lambda one: one["type"] == "current" and one["topic"] == proposal)
        done = await edit(socket, frames, ids, proposal, "Bridges, first edition")
        patch = await until(socket, frames, lambda one: one["type"] == "patch")
        if done["type"] != "done" or patch["patch"].get("title") != "Bridges, first edition":
            faults.append(f"the edit was answered with {done}, and told as {patch}")
        # In fragments, and with a ping that must be answered.
        await socket.send(iter(['{"type":', '"ping",', '"n":7}']))
        await until(socket, frames, lambda one: one["type"] == "pong" and one["n"] == 7)
        await asyncio.wait_for(await socket.ping(b"alive"), WAIT_SECONDS)
        held = patch["size"]
        socket.transport.abort()  # the cable is cut

    async with connect(origin, cookie) as socket:
        frames = []
        await until(socket, frames, lambda one: one["type"] == "welcome")
        await edit(socket, frames, ids, proposal, "Bridges, second edition")

    async with connect(origin, cookie) as socket:
        frames = []
        await until(socket, frames, lambda one: one["type"] == "welcome")
        await socket.send(json.dumps({"type": "follow", "topic": proposal, "log": welcome["log"],
                                      "format": welcome["format"], "after": held}))
        patch = await until(socket, frames, lambda one: one.get("topic") == proposal)
        current = await until(socket, frames, lambda one: one["type"] == "current")
        if patch["type"] != "patch" or patch["patch"].get("title") != "Bridges, second edition":
            faults.append(f"what was missed is told as {patch}")
        if current["size"] <= held:
            faults.append(f"current at {current['size']}, no further than {held}")
        await socket.close()
        if socket.close_code != 1000:
            faults.append(f"closed with {socket.close_code}")
    return faults
