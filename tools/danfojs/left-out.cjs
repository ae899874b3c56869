/** Stands in for packages that read and write Excel files and web addresses in the danfojs that is built in. */
function refuse() {
  throw new Error(
    "This operation of danfojs needs a package that omero2frame comes without; install danfojs-node, which is then used instead",
  );
}

/** Whatever is asked of it. */
const leftOut = new Proxy(refuse, { get: (_, name) => (name === "__esModule" ? undefined : leftOut) });

module.exports = leftOut;
