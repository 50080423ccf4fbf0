// The peer of balse tag on an ONNX tagger: a plain loop over a folder.
//   node peer_onnx_folder.js MODEL FOLDER THREADS
const fs = require("fs");
const path = require("path");
const ort = require("onnxruntime-node");
const sharp = require("sharp");

async function main() {
  const [model, folder, threads] = [process.argv[2], process.argv[3], Number(process.argv[4])];
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  let kept = 0;
  for (const name of fs.readdirSync(folder).sort()) {
    const { data } = await sharp(path.join(folder, name))
      .flatten({ background: "#ffffff" })
      .resize(448, 448, { fit: "contain", background: "#ffffff", kernel: "cubic" })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const pixels = new Float32Array(448 * 448 * 3);
    for (let k = 0; k < pixels.length; k += 3) {  // blue, green, red
      pixels[k] = data[k + 2];
      pixels[k + 1] = data[k + 1];
      pixels[k + 2] = data[k];
    }
    const { output } = await session.run({ input: new ort.Tensor("float32", pixels, [1, 448, 448, 3]) });
    for (const probability of output.data) kept += probability >= 0.35;
  }
  console.log(`kept=${kept}`);
}

main();
