// How long the main thread of a page was held: tasks over 50 ms, as the browser counts them.
export async function watchTasks(page) {
  await page.evaluate(() => {
    const seen = { tasks: [], observer: new PerformanceObserver((list) => { seen.tasks.push(...list.getEntries().map(({ duration }) => duration)); }) };
    seen.observer.observe({ type: "longtask" });
    window.mostyTasks = seen;
  });
  return () => page.evaluate(() => {
    const { tasks, observer } = window.mostyTasks;
    tasks.push(...observer.takeRecords().map(({ duration }) => duration));
    observer.disconnect();
    return { count: tasks.length, longest_ms: Math.max(0, ...tasks) };
  });
}

// The tasks of the server's core thread: how many there were, and how many of them took at most `seconds` of processor time.
export async function coreTasks(desk, seconds) {
  const answer = await desk.context.request.get(`${desk.url}/metrics`);
  const text = await answer.text();
  const number = (line) => Number(text.split("\n").find((one) => one.startsWith(line))?.split(" ").at(-1));
  return { count: number("mosty_core_task_seconds_count"), within: number(`mosty_core_task_seconds_bucket{le="${seconds}"}`) };
}
