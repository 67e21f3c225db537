// @ts-check
// The 503 page asks every 5 s whether the address answers again, and then goes there.
setInterval(async () => {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer && answer.status !== 503) location.replace(answer.status === 405 ? "/" : location.href);
}, 5000);
