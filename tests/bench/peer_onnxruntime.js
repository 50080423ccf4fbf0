// The peer of balse tag: the same network in ONNX Runtime.
//   node peer_onnxruntime.js NET.onnx BATCH THREADS
const ort = require("onnxruntime-node");

async function main() {
  const [file, batch, threads] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
  const session = await ort.InferenceSession.create(file, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  const values = Float32Array.from({ length: batch * 3 * 224 * 224 }, () => 255 * Math.random() - 170);
  const input = new ort.Tensor("float32", values, [batch, 3, 224, 224]);
  const rates = [];
  for (let run = 0; run < 7; ++run) {
    const begin = process.hrtime.bigint();
    await session.run({ data: input });
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
    if (run > 0) rates.push(batch / seconds);
  }
  rates.sort((a, b) => a - b);
  console.log(`rate=${rates[rates.length >> 1].toFixed(2)}`);
}

main();
