/**
 * What stands in messages anyway, whatever they are about.
 *
 * @module
 */
import { PLACES } from "./_cells.ts";

const TEXTS =
  'jsonrpc 2.0","id":,"method":"tools/call","params":{"name":"arguments":{"path":"query":"content":[{"type":"text","text":' +
  '"notifications/message","level":"info","logger":"data":{"event":"result":{"isError":false,"error":"message":"code":' +
  "https://www.example.com/http://user_id created_at description: string number boolean function return import export " +
  "const the and that with from this have not for are was will you your tion ation ing ment ness able ible ence ance " +
  "file files list search read write error server client request response /home/user/projects/src/index.ts default " +
  '"structuredContent":"_meta":"progressToken":"traceparent":"mimeType":"protocolVersion":"notifications/progress" ' +
  " of the model a model the other in order one of end of open the /.git/ file:// uri directory rect later after " +
  "update delete create version status title started ended time count total length size start end value values items ";

let stretches: Set<string> | undefined;

/** Its stretches of four characters, in lower case: a bad choice of a window, whatever else is in its bucket. */
export function common(): ReadonlySet<string> {
  if (stretches !== undefined) return stretches;
  stretches = new Set();
  const text = TEXTS.toLowerCase();
  for (let k = 0; k + PLACES <= text.length; k++) stretches.add(text.slice(k, k + PLACES));
  return stretches;
}
