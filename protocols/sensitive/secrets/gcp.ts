/**
 * Keys of Google. cloud.google.com/docs/authentication/api-keys (AIza and 35 characters); developers.google.com/identity
 * (client secrets: GOCSPX-; access tokens: ya29.; refresh tokens: 1//0). The private key of a service account's JSON is
 * found as a PEM key.
 *
 * @module
 */
import { URL_SAFE, URL_SAFE_DOT } from "../_text.ts";
import { tokenKind } from "../_token.ts";

/** API keys and OAuth's secrets. */
export const GCP = tokenKind("gcp_key", "Google API key, OAuth client secret, access or refresh token", [
  { prefix: "AIza", chars: URL_SAFE, min: 35, max: 35 },
  { prefix: "GOCSPX-", chars: URL_SAFE, min: 28, max: 28 },
  { prefix: "ya29.", chars: URL_SAFE_DOT, min: 30 },
  { prefix: "1//0", chars: URL_SAFE, min: 40 },
], ["AIza", "GOCSPX-", "ya29.", "1//0", "1\\/\\/0"]);
