/**
 * Members of an object of a configuration: each is taken if it is right, and noted if it is not.
 *
 * @module
 */

/** An object of which nothing is known. */
export class Fields {
  /** False if the part is `false`, or says `"enable": false`. */
  readonly isOn: boolean;
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #problems: string[];
  readonly #asked = new Set(["$schema", "enable"]);

  constructor(value: unknown, path: string, problems: string[]) {
    this.#path = path;
    this.#problems = problems;
    const isObject = typeof value === "object" && value !== null &&
      !Array.isArray(value);
    this.#object = isObject ? value as Record<string, unknown> : {};
    this.isOn = value !== false && this.#object["enable"] !== false;
    if (!isObject && typeof value !== "boolean" && value !== undefined) {
      this.wrong("");
    }
  }

  /** Notes that a member is wrong. */
  wrong(name: string): void {
    this.#problems.push([this.#path, name].filter((part) => part !== "").join("."));
  }

  has(name: string): boolean {
    return this.#object[name] !== undefined;
  }

  isText(name: string): boolean {
    return typeof this.#object[name] === "string";
  }

  part(name: string): Fields {
    return new Fields(this.#get(name), this.#path === "" ? name : `${this.#path}.${name}`, this.#problems);
  }

  list(name: string): readonly Fields[] {
    const value = this.#get(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.wrong(name);
      return [];
    }
    return value.map((each, k) => new Fields(each, `${this.#path}.${name}[${k}]`, this.#problems));
  }

  flag(name: string): boolean {
    const value = this.#get(name);
    if (value !== undefined && typeof value !== "boolean") this.wrong(name);
    return value !== false;
  }

  text(name: string, shortest = 1): string | undefined {
    const value = this.#get(name);
    if (typeof value === "string" && value.length >= shortest) return value;
    if (value !== undefined) this.wrong(name);
    return undefined;
  }

  textOrFalse(name: string): string | false | undefined {
    return this.#get(name) === false ? false : this.text(name);
  }

  texts(name: string): readonly string[] {
    const value = this.#get(name);
    if (value === undefined) return [];
    if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
    this.wrong(name);
    return [];
  }

  oneOf<Text extends string>(name: string, known: readonly Text[]): Text | undefined {
    const value = this.#get(name);
    const found = known.find((text) => text === value);
    if (found === undefined && value !== undefined) this.wrong(name);
    return found;
  }

  integer(name: string, usual: number, least: number): number {
    const value = this.#get(name);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
    if (value !== undefined) this.wrong(name);
    return usual;
  }

  /** Notes members that nobody asked for. */
  unknown(): void {
    for (const name of Object.keys(this.#object)) {
      if (!this.#asked.has(name)) this.wrong(name);
    }
  }

  #get(name: string): unknown {
    this.#asked.add(name);
    return this.#object[name];
  }
}
