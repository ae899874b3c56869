/** Stands in for TensorFlow in the danfojs that is built in: nothing is a tensor, and asking for one says what to do. */
class Tensor {}

module.exports = new Proxy(
  { Tensor },
  {
    get(target, name) {
      if (name in target || typeof name === "symbol") return target[name];
      throw new Error(
        `This operation of danfojs needs TensorFlow (${name}), which omero2frame comes without; ` +
          "install danfojs-node, which is then used instead",
      );
    },
  },
);
