/** What bench/otlp.ts sends to: reads requests, and says that all is well. Prints its port. */
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
  await request.arrayBuffer();
  return new Response("{}", { headers: { "content-type": "application/json" } });
});
Deno.stdout.writeSync(new TextEncoder().encode(`${server.addr.port}\n`));
