-- The work of one command in PostgreSQL, in as few steps as it takes: the proposal's row is locked and changed, the
-- event appended under the next revision. One statement, one round trip, one transaction. A town's proposals and feed
-- are read from these two tables, so all they cost is an index each.
-- Left out, in PostgreSQL's favour: who may do it, what the domain decides, the past of a view.
create table events (
    position bigserial primary key,
    stream text not null,
    revision bigint not null,
    command text not null unique,
    ua text not null,
    eu text not null,
    entry bytea not null,
    unique (stream, revision)
);
create index on events (ua, position);
create index on events (eu, position);

create table proposals (
    stream text primary key,
    ua text not null,
    eu text not null,
    revision bigint not null,
    view jsonb not null
);
create index on proposals (ua);
create index on proposals (eu);

create function edit_proposal(of_stream text, by_command text, event bytea, new_title text) returns bigint
language plpgsql as $$
declare
    proposal proposals;
begin
    update proposals
        set revision = revision + 1, view = jsonb_set(view, '{title}', to_jsonb(new_title))
        where stream = of_stream
        returning * into strict proposal;
    insert into events (stream, revision, command, ua, eu, entry)
        values (of_stream, proposal.revision, by_command, proposal.ua, proposal.eu, event);
    return proposal.revision;
end $$;

-- The same, and both towns' dashboards are told what changed.
create function edit_proposal_and_tell(of_stream text, by_command text, event bytea, new_title text) returns bigint
language plpgsql as $$
declare
    revision bigint := edit_proposal(of_stream, by_command, event, new_title);
    patch text := json_build_object('stream', of_stream, 'revision', revision, 'title', new_title);
begin
    perform pg_notify(ua, patch), pg_notify(eu, patch) from proposals where stream = of_stream;
    return revision;
end $$;
