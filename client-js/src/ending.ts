// How a sign-in has ended, as the server tells it in its farewell and in every refusal afterwards. It decides about
// what this device keeps of the person.
export type Ending =
  | "signed_out" // somebody ended it, here or elsewhere: all of it goes, unsent work too
  | "session_over"; // it ran out: all of it stays until the same person is back

// Of a refusal's code; nothing when it says nothing about the sign-in. Where the server knows nothing of the cookie,
// nobody can have ended it.
export function endingOf(code: string): Ending | undefined {
  switch (code) {
    case "signed_out":
      return "signed_out";
    case "session_over":
    case "not_signed_in":
      return "session_over";
    default:
      return undefined;
  }
}
