/**
 * For views that ask from time to time: they need the stream only to know whether mcpsonde is still there.
 *
 * @module
 */
import { useEffect, useRef } from "preact/hooks";
import { stream } from "../stream.ts";

/** Keeps the stream open, and calls back when it has been broken and is there again. */
export function useIdleStream(onLost: () => void, onServers?: () => void): void {
  const lost = useRef(onLost), servers = useRef(onServers);
  lost.current = onLost;
  servers.current = onServers;
  useEffect(() =>
    stream.follow({
      types: onServers === undefined ? ["lost"] : ["servers"],
      onChange: () => servers.current?.(),
      onLost: () => lost.current(),
    }), []);
}
