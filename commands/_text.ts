/**
 * What the command line says when it is used wrongly: `mcpsonde: ` first, the mistake, then what to do.
 *
 * @module
 */
import {
  type ApplicationText,
  ArgumentParseError,
  ArgumentScannerError,
  EnumValidationError,
  FlagNotFoundError,
  text_en,
  UnexpectedPositionalError,
  UnsatisfiedFlagError,
  UnsatisfiedPositionalError,
} from "@stricli/core";
import { Failure } from "./_exit.ts";

/** stricli's texts in our voice. */
export const TEXT: ApplicationText = {
  ...text_en,
  headers: { ...text_en.headers, usage: "Usage", commands: "Commands", flags: "Options", arguments: "Arguments" },
  briefs: { ...text_en.briefs, help: "Show this help", version: "Show the version" },
  noCommandRegisteredForInput: ({ input, corrections }) => {
    if (/\.jsonc?$/.test(input)) {
      return said(`no command "${input}"; to run a pipeline file: mcpsonde --pipeline ${input}`);
    }
    return said(`no command "${input}"${meant(corrections)}`);
  },
  exceptionWhileParsingArguments: (error) => said(argumentMistake(error)),
  exceptionWhileRunningCommand: (error) => runningMistake(error),
  exceptionWhileLoadingCommandFunction: (error) => runningMistake(error),
  exceptionWhileLoadingCommandContext: (error) => runningMistake(error),
  commandErrorResult: (error) => runningMistake(error),
};

function said(message: string): string {
  return `mcpsonde: ${message}\nmcpsonde: see mcpsonde --help`;
}

function meant(corrections: readonly string[]): string {
  const words = corrections.map((word) => `"${word.replaceAll("`", "")}"`);
  return words.length === 0 ? "" : `; did you mean ${words.join(" or ")}?`;
}

function argumentMistake(error: unknown): string {
  if (error instanceof FlagNotFoundError) {
    return `no option --${error.input}${meant(error.corrections.map((name) => `--${name}`))}`;
  }
  if (error instanceof UnexpectedPositionalError) return `unexpected argument "${error.input}"`;
  if (error instanceof UnsatisfiedPositionalError) return `${error.placeholder} is missing`;
  if (error instanceof EnumValidationError) {
    return `--${error.externalFlagName} is one of ${error.values.join(", ")}, not "${error.input}"`;
  }
  if (error instanceof UnsatisfiedFlagError) return `--${error.externalFlagName} needs a value`;
  if (error instanceof ArgumentParseError) {
    return `${named(error.externalFlagNameOrPlaceholder)}: ${reason(error.exception)}`;
  }
  if (error instanceof ArgumentScannerError || error instanceof Error) return lowerFirst(error.message);
  return String(error);
}

function named(flagOrPlaceholder: string): string {
  return flagOrPlaceholder === flagOrPlaceholder.toUpperCase() ? flagOrPlaceholder : `--${flagOrPlaceholder}`;
}

function reason(exception: unknown): string {
  return exception instanceof Error ? exception.message : String(exception);
}

function runningMistake(error: unknown): string {
  if (error instanceof Failure) return error.message.split("\n").map((line) => `mcpsonde: ${line}`).join("\n");
  const detail = error instanceof Error ? error.stack ?? error.message : String(error);
  return `mcpsonde: something unexpected happened; please report it:\n${detail}`;
}

function lowerFirst(text: string): string {
  return /^[A-Z][A-Z]/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
