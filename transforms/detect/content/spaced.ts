/**
 * Words with something between their letters: `i g n o r e`, `i-g-n-o-r-e`, `i.g.n.o.r.e`.
 *
 * @module
 */

/** Fewest letters that are taken for a spread word: fewer are initials and lists. */
const FEWEST = 5;

/** Puts spread words together. Two separators in a row, where one is usual, end a word. */
export function joinSpaced(text: string, spread?: (words: string) => void): string {
  let out = "", from = 0, before = false;
  for (let at = 0; at < text.length;) {
    const letter = isLetter(text, at);
    if (!letter || before || isLetter(text, at + 1)) {
      before = letter;
      at++;
      continue;
    }
    before = true;
    const separator = text[at + 1] ?? "";
    if (!isSeparator(separator)) {
      at++;
      continue;
    }
    let end = at + 1, letters = 1, joined = text[at] ?? "";
    for (;;) {
      let next = end;
      while (next < end + 4 && text[next] === separator) next++;
      if (next === end || !isLetter(text, next) || isLetter(text, next + 1)) break;
      if (next > end + 1 || (separator !== " " && text[end] === " ")) joined += " ";
      joined += text[next];
      letters++;
      end = next + 1;
      // `i-g-n-o-r-e p-r-e-v`: a space between words whose letters another character parts
      if (separator !== " " && text[end] === " " && isLetter(text, end + 1) && text[end + 2] === separator) {
        joined += ` ${text[end + 1]}`;
        letters++;
        end += 2;
      }
    }
    if (letters >= FEWEST) {
      out += text.slice(from, at) + joined;
      from = end;
      spread?.(joined);
    }
    at = end;
    before = isLetter(text, at - 1);
  }
  return from === 0 ? text : out + text.slice(from);
}

function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at), letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x7a || code > 0xbf && code < 0x2000;
}

function isSeparator(character: string): boolean {
  return character !== "" && " .-_*|/\u00b7,+~".includes(character);
}
