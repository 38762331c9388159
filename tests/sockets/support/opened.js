// An event of a page with the data that it was recorded with, sealed or not.
export function openedEvent({ event, opened }) {
  return opened === undefined ? event : { ...event, data: opened };
}
