import { counted } from "./plural";

const letters = (count: number) => counted("en", count, { one: "character", other: "characters" });
const changes = (count: number) => counted("en", count, { one: "change", other: "changes" });

// What the form of a proposal says: its sections, the editor, comments, suggestions and the history of a text.
export const texts = {
  sections: {
    objective: { title: "Objective", hint: "What will be different afterwards, for whom, and by when." },
    needs: { title: "Needs and relevance", hint: "What is wrong today, with figures and sources, and why now." },
    target_groups: { title: "Target groups", hint: "Who will feel the change, how many people, and how they were asked." },
    partnership: { title: "Partnership", hint: "What each municipality brings and takes home, and who decides." },
    activities: { title: "Activities", hint: "What is done, step by step: who, where, when." },
    results: { title: "Results", hint: "What will be there at the end, and how anyone can check it." },
    risks: { title: "Risks", hint: "What may go wrong, how likely it is, and what you will do about it." },
    sustainability: { title: "Sustainability", hint: "What goes on when the money has ended, and who pays for it." },
  },
  length: (count: string, max: string) => `${count} of ${max} characters`,
  over: (count: number) => `${letters(count)} too many`,
  empty: "Nothing written yet.", emptyShort: "empty", tooLongShort: "too long",
  tooLong: (what: string) => `Too long for approval: ${what}.`, lacksSection: (title: string) => `the section “${title}”`,
  notHere: "This text is not on this device yet. It comes when there is a connection.",
  opening: "Fetching the text…", editorComing: "Opening the editor…", editorMissing: "The editor could not be fetched. It works again with a connection.",
  edit: "Edit", done: "Done", suggest: "Suggest a change", comment: "Comment", history: "History", forPart: (act: string, title: string) => `${act}: ${title}`,
  lockedHelp: "It is locked, so it can be read and commented on.",
  toolbar: {
    label: (title: string) => `Formatting of “${title}”`, bold: "Bold", italic: "Italic", underline: "Underline", link: "Link",
    heading1: "Heading 1", heading2: "Heading 2", heading3: "Heading 3", ordered: "Numbers", bullet: "Bullets", quote: "Quote", undo: "Undo", redo: "Redo",
    keys: "Arrow keys move along the buttons. Tab leaves the text, Escape goes to the button that closes it.",
  },
  link: { title: "Where does the link lead?", hint: "For example https://mosty.example or a mail address", apply: "Set the link", remove: "Remove the link", bad: "Only web and mail addresses can be linked.", select: "Select some words first." },
  state: {
    opening: "Opening…", saving: "Saving on this device…",
    device: "Saved on this device", deviceOffline: (count: number) => `Saved on this device. ${changes(count)} will leave when there is a connection; you can close the page.`,
    way: "Saved on this device, on its way…", catchingUp: (count: number) => `Fetching what others wrote: ${changes(count)} to go…`,
    merging: (count: number) => `Bringing your text and theirs together: ${changes(count)} to go…`,
    everyone: "Saved for everyone", everyoneAt: (time: string) => `Saved for everyone · ${time}`,
    everyoneOffline: "Everything here has been saved for everyone. There is no connection now: go on writing, it stays on this device.",
    notSaved: (why: string) => `This device does not keep it: ${why} Leave this page open until it has been saved for everyone.`,
    refused: (why: string) => `Not shared with you any more: ${why}`,
  },
  people: { here: "Here now", standing: (name: string, town: string) => `${name}, ${town}` },
  merge: {
    title: "While you were away", since: (time: string) => `since ${time}`, dismiss: "I have seen this", none: "Nothing of yours was lost.",
    by: (name: string, edits: number, added: number, removed: number) =>
      `${name}: ${changes(edits)}${added > 0 ? `, wrote ${letters(added)}` : ""}${removed > 0 ? `, took away ${letters(removed)}` : ""}`,
    passages: "Some of what is new",
  },
  parked: {
    title: "Not accepted, but kept for you", erased: "The section was erased for ever before this was saved. It is on this device alone: copy it if you need it.", help: "This stays on this device until you dismiss it.", copy: "Copy the text", copied: "Copied", dismiss: "Dismiss",
    more: (count: number) => `And ${letters(count)} more, all of them in the copy.`,
    removed: (count: number) => `It would also have taken away ${letters(count)}.`, noText: "It would have written nothing new.",
  },
  selection: { label: "Selected passage", who: "Who wrote this?", whole: "Which paragraph?", clear: "Clear" },
  threads: {
    title: "Comments", count: (count: number) => counted("en", count, { one: "open comment", other: "open comments" }),
    comment: "Comment", advice: "Advice", give: "Give advice", giveTitle: "Give advice on this passage", adviceBody: "Your advice", commentTitle: "Comment on this passage", body: "Your comment",
    reply: "Reply", replyTitle: "Reply", replyBody: "Your reply", resolve: "Resolve", reopen: "Reopen", resolvedBy: (who: string) => `Resolved by ${who}`,
    orphaned: "The passage was deleted.", accept: "Accept the advice", decline: "Decline the advice", declineTitle: "Decline this advice?", acceptTitle: "Accept this advice?",
    acceptHelp: "The expert sees that it was taken. Change the text yourself where it needs changing.", note: "Why, or what you did",
    accepted: (who: string) => `Accepted by ${who}`, declined: (who: string) => `Declined by ${who}`, closed: (count: number) => counted("en", count, { one: "settled", other: "settled" }),
    about: (quote: string) => `On “${quote}”`, unsaid: "It has to be saved for everyone before it can be commented on. Try again in a moment.",
  },
  suggestions: {
    title: "Suggested changes", mode: "Suggesting", explain: "You write in a copy. Nothing changes in the text until the other side accepts.",
    propose: "Propose the change", note: "Why you suggest it", noteTitle: "Propose this change?", cancel: "Discard", nothing: "Nothing has been changed yet.",
    accept: "Accept", decline: "Decline", declineTitle: "Decline this suggestion?", withdraw: "Withdraw", withdrawTitle: "Withdraw your suggestion?",
    orphaned: "What it would change has been deleted. It can only be declined.", accepted: (who: string) => `Accepted by ${who}`, declined: (who: string) => `Declined by ${who}`,
    by: (who: string) => `Suggested by ${who}`,
  },
  past: {
    title: "History of this section", slider: "Revision", step: (i: string, total: string) => `Revision ${i} of ${total}`, begin: "Empty, before the first letter",
    earlier: "Earlier writer", later: "Later writer", close: "Back to the text", wrote: (who: string, when: string) => `${who}, ${when}`,
    since: "Marked is what changed since", sinceBurst: "this person began", sinceStep: "the step before", sinceVersion: (name: string) => `“${name}”`, nothing: "Nothing reads differently.",
    inserted: "new", deleted: "gone", formatted: "looks otherwise", authors: "Who wrote it", authorsOf: "Who wrote this passage", authorsHelp: "Select a passage above to see its writers only.",
    versions: "Named versions", versionsNone: "No version has a name yet.", name: "Name this version", nameTitle: "What is this version called?", nameField: "Name", nameHelp: "For example “sent to the council”. The text stays as it is.",
    show: "Show", compare: "Compare with", restore: "Restore", restoreWhat: (name: string) => `Restore “${name}”`, restoreTitle: "Restore this version?",
    restoreHelp: "The section will read as it did then. Nothing is lost: what was written since stays in the history, and what is in both keeps its authors and comments.", restoreThis: "Restore this revision",
    loading: "Fetching how it was…",
  },
  signOut: (count: number) => `${counted("en", count, { one: "text has", other: "texts have" })} letters that are only on this device. Signing out deletes them for good. Sign out all the same?`,
};
