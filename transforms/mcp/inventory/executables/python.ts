/**
 * Which Python distribution a console script or a module belongs to, by the metadata that installers leave: the folders
 * `NAME-VERSION.dist-info` of PEP 376 and the entry points specification.
 *
 * @module
 */
import { posix } from "node:path";
import type { Runs } from "../../../../pipeline/program.ts";
import type { ProcessFiles } from "./process_files.ts";

/** Distributions whose files are read for a match, and the largest such file. */
const READ = 400, LARGEST = 64 * 1024;
const INFO = /^(.+)-([^-]+)\.dist-info$/;

/** An installed distribution. */
interface Distribution {
  /** Of its metadata. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
}

/** `pypi:name@version`; undefined if it cannot be told. */
export async function pythonPackage(
  files: ProcessFiles,
  runs: Runs,
  script: string | undefined,
): Promise<string | undefined> {
  const wanted = runs.kind === "module"
    ? runs.name.split(".")[0]
    : runs.kind === "script"
    ? posix.basename(runs.path)
    : "";
  if (!wanted) return undefined;
  const isModule = runs.kind === "module";
  for (const folder of await packageFolders(files, script)) {
    const all = await distributions(files, folder);
    const found = all.find(({ name }) => normal(name) === normal(wanted)) ??
      await declaring(files, all, isModule ? "top_level.txt" : "entry_points.txt", wanted);
    if (found !== undefined) return `pypi:${normal(found.name)}@${found.version}`;
  }
  return undefined;
}

/** The file that `python -m NAME` runs. */
export async function findModule(files: ProcessFiles, name: string): Promise<string | undefined> {
  if (!/^[\w.]+$/.test(name)) return undefined;
  const path = name.replaceAll(".", "/");
  for (const folder of [".", ...await packageFolders(files, undefined)]) {
    for (const file of [`${path}/__main__.py`, `${path}.py`]) {
      const found = await files.resolve(posix.join(folder, file));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Where packages may be: beside the `bin` folders of the script and the interpreter. */
async function packageFolders(files: ProcessFiles, script: string | undefined): Promise<string[]> {
  const bins = new Set(
    [...(script === undefined ? [] : [script]), ...files.programs].map((path) => posix.dirname(path)),
  );
  const folders: string[] = [];
  for (const bin of bins) {
    const lib = posix.join(bin, "../lib");
    const versions = (await files.names(lib)).filter((name) => /^python3(\.\d+)?$/.test(name)).slice(0, 8);
    for (const version of versions) {
      folders.push(posix.join(lib, version, "site-packages"), posix.join(lib, version, "dist-packages"));
    }
  }
  return folders;
}

async function distributions(files: ProcessFiles, folder: string): Promise<Distribution[]> {
  return (await files.names(folder)).flatMap((entry) => {
    const [, name, version] = INFO.exec(entry) ?? [];
    return name === undefined || version === undefined ? [] : [{ folder: posix.join(folder, entry), name, version }];
  });
}

/** The distribution in whose metadata a line names the script or module. */
async function declaring(
  files: ProcessFiles,
  all: readonly Distribution[],
  file: string,
  wanted: string,
): Promise<Distribution | undefined> {
  for (const distribution of all.slice(0, READ)) {
    const text = await files.text(posix.join(distribution.folder, file), LARGEST);
    const names = text?.split("\n").map((line) => line.split("=")[0]?.trim());
    if (names?.includes(wanted)) return distribution;
  }
  return undefined;
}

/** PEP 503. */
function normal(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
