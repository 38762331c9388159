import Quill from "quill/core";
import Blockquote from "quill/formats/blockquote";
import Bold from "quill/formats/bold";
import HeaderOfQuill from "quill/formats/header";
import Italic from "quill/formats/italic";
import LinkOfQuill from "quill/formats/link";
import List from "quill/formats/list";
import Underline from "quill/formats/underline";
import Cursors from "quill-cursors/core";
import { CleanClipboard } from "./paste";

export const formats = ["bold", "italic", "underline", "link", "header", "list", "blockquote"] as const;

// A section's own title is a heading of level 2: those within it begin below.
class Header extends HeaderOfQuill {
  static override tagName = ["H3", "H4", "H5"];
}

class Link extends LinkOfQuill {
  static override PROTOCOL_WHITELIST = ["http", "https", "mailto"];
}

let registered = false;

export function registerFormats(): void {
  if (registered) return;
  registered = true;
  Quill.register({
    "formats/bold": Bold, "formats/italic": Italic, "formats/underline": Underline, "formats/link": Link,
    "formats/header": Header, "formats/list": List, "formats/blockquote": Blockquote,
    "modules/cursors": Cursors, "modules/clipboard": CleanClipboard,
  }, true);
}
