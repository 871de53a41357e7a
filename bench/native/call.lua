-- For wrk: calls a tool, in the session named by the environment, with ids that count up.
local id = -1 -- wrk asks for one request that it does not send
local headers = {
  ["Content-Type"] = "application/json",
  ["Accept"] = "application/json, text/event-stream",
  ["Mcp-Session-Id"] = os.getenv("SESSION"),
  ["Mcp-Protocol-Version"] = "2025-06-18",
}
local body = '{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"echo",' ..
  '"arguments":{"text":"call %d of a load that asks for the same again and again"}}}'

function request()
  id = id + 1
  return wrk.format("POST", nil, headers, body:format(id, id))
end
