// Erasing for ever: a person, a section's text, a passage of it.
export const erasing = {
  erase: "Erase for ever", erasePerson: "Erase", erasePassage: "Remove from history for good", eraseText: "Erase",
  personTitle: (name: string) => `Erase ${name} for ever?`, textTitle: (section: string) => `Erase from “${section}” for ever?`,
  passageTitle: (section: string) => `Remove this passage from “${section}” for ever?`,
  will: "What happens", willNot: "What does not happen",
  person: {
    will: [
      "The key to all that says who this is is destroyed: name, and what was written about the person. Nobody reads it again, in no copy of the log and no backup of it.",
      "The account ends at once: signed out everywhere, and nobody gets in again.",
      "Nobody can undo this.",
    ],
    willNot: [
      "What this person wrote in texts and recorded stays, as that of an “erased person”.",
      "What others have read, printed or downloaded stays with them.",
      "The log is not rewritten: that something was erased, when, by whom and why stays in it, and it still verifies.",
    ],
  },
  text: {
    will: [
      "The key to all that this section ever said is destroyed: every version, comment and suggestion. Nobody reads it again, in no copy of the log and no backup of it.",
      "The section is closed: nobody can write in it any more.",
      "Nobody can undo this. A version that was approved cannot be read as it was.",
    ],
    willNot: [
      "What others have read, printed or downloaded, or not sent yet, stays with them.",
      "The log is not rewritten: that something was erased, when, by whom and why stays in it, and it still verifies.",
    ],
  },
  passage: {
    will: [
      "The key to all that this section ever said is destroyed: its history, every comment and every suggestion. Nobody reads it again, in no copy of the log and no backup of it.",
      "What is left of the section is written down anew at once, in your name: people go on writing there.",
      "Nobody can undo this. A version that was approved cannot be read as it was.",
    ],
    willNot: [
      "What others have read, printed or downloaded, or not sent yet, stays with them.",
      "The log is not rewritten: that something was erased, when, by whom and why stays in it, and it still verifies.",
    ],
  },
  what: "What goes?", wholeText: "The whole section", paragraph: (quote: string) => `Only: “${quote}”`,
  why: "Why?", whyHint: "Kept readable for ever, for everybody who may read this history.",
  reasons: {
    asked: "The person asked for it", ordered: "A court or an authority ordered it", mistake: "It was published by mistake",
    danger: "It endangers somebody", other: "Another reason, in words of your own",
  },
  words: "Reason in your words", wordsHint: "These words can never be erased. Name nobody, and do not repeat what is to be forgotten.",
  confirm: "Confirm", word: "erase", confirmHint: (word: string) => `Write “${word}” here: there is no way back.`, notConfirmed: (word: string) => `Write “${word}” to confirm.`,
  needsConnection: "This needs a connection. Nothing is erased later, when you may not think of it any more.",
  unsent: "Something that you wrote here has not been sent yet. Wait until it is, then erase.",
  destroying: "The key is being destroyed…", renewing: "The key is destroyed. The server now makes anew all that it shows, without it; it is there again in a moment…",
  doneTitle: "It is erased",
  done: (when: string) => `The key was destroyed at ${when}. The server shows nothing of it any more.`,
  doneLate: (when: string) => `The key was destroyed at ${when}. The server still makes anew what it shows; this page goes on by itself.`,
  already: "It had been erased before. Nothing was done.", record: "What the log says of it", close: "Close",
  ownTitle: "Being forgotten",
  ownHelp: "You may ask to be erased. The secretariat does it: the key to all that says who you are is destroyed, your account ends, and what you wrote stays as that of an “erased person”. Save everything about you first, if you want to have it.",
  ownAsk: (id: string) => `Tell the secretariat this id when you ask: ${id}`, ownErase: "Erase me",
  erased: "Erased for ever", erasedHelp: "What this section said was erased, and it is closed: nobody can write here any more.", erasedShort: "erased",
  forgottenThen: "What this section said at that time was erased later.", forgottenBetween: "What this section said was erased, so it cannot be compared.",
  because: (reason: string) => `Why: ${reason}`,
  without: (what: string) => `Erased: ${what}. Approval can be asked for without it.`,
};
