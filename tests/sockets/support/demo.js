// What the tests need of the demo: an active partnership, and a proposal that its officer may edit.

export async function officerWithProposal(server) {
  const secretariat = await server.signIn(await server.person("secretariat"));
  const { rows } = await server.read("/v1/lists/partnerships/all?limit=500", secretariat);
  const people = await server.people();
  for (const row of rows.filter((one) => one.status === "active")) {
    const officer = people.find((one) => one.role === "officer" && one.organisation === row.ua);
    if (!officer) continue;
    const cookie = await server.signIn(officer);
    const proposal = `proposal/${row.id}_test-${Date.now().toString(36)}${process.pid}`;
    const answer = await server.fetch("/v1/commands", {
      method: "POST",
      cookie,
      body: JSON.stringify({
        id: `draft-${proposal.split("_").at(-1)}`, stream: proposal, name: "draft_proposal",
        data: { partnership: row.id, title: "Water for all", sectors: ["water_supply"] },
      }),
    });
    if (answer.status !== 200) throw new Error(answer.text);
    return { officer, cookie, secretariat, proposal, partnership: row.id, ua: row.ua, eu: row.eu };
  }
  throw new Error("the demo has no active partnership with an officer");
}
