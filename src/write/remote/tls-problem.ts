/** Why a web server is not trusted, and what to do about it. */

const UNTRUSTED = 'give the authority as "ca" if the server has one of its own';

const PROBLEMS = new Map([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", `its certificate is self-signed; give it as "ca" if it is the right one`],
  ["SELF_SIGNED_CERT_IN_CHAIN", `its certificate comes from an authority that is not trusted; ${UNTRUSTED}`],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", `its certificate comes from an authority that is not known; ${UNTRUSTED}`],
  ["UNABLE_TO_GET_ISSUER_CERT", `its certificate comes from an authority that is not known; ${UNTRUSTED}`],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", `its certificate comes from an authority that is not known; ${UNTRUSTED}`],
  ["ERR_TLS_CERT_ALTNAME_INVALID", 'its certificate is for another host name; give the name in it as "server"'],
  ["CERT_HAS_EXPIRED", "its certificate has expired; it must be renewed on the server"],
  ["CERT_NOT_YET_VALID", "its certificate is not valid yet; check both clocks"],
  ["CERT_REVOKED", "its certificate has been revoked"],
]);

const NO_TLS = 'it does not speak TLS there; check the port, or write http:// in "server" if plain text is meant';

/** @param code of the system's error @returns undefined where the failure is none of TLS */
export function tlsProblem(code: string): string | undefined {
  const known = PROBLEMS.get(code);
  if (known !== undefined) return known;
  if (/^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST))$/.test(code)) return NO_TLS;
  return /CERT|^ERR_(TLS|SSL)_|^ERR_OSSL_|UNABLE_TO/.test(code) ? `the handshake failed (${code})` : undefined;
}
