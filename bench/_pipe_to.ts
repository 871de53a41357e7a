/** A proxy as Deno's streams make it, for comparison: `deno run -A bench/_pipe_to.ts CMD…`. */
const [program = "", ...args] = Deno.args;
const child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped", stderr: "inherit" }).spawn();
void Deno.stdin.readable.pipeTo(child.stdin);
await child.stdout.pipeTo(Deno.stdout.writable);
