"use strict";

// Sphinx inserts this text into its search. The names of pages are those of the rules: a page whose
// name starts with the query is the first result.
var Scorer = {
  score: ([page, _title, _anchor, _description, score]) => {
    const query = new URLSearchParams(location.search).get("q")?.trim().toLowerCase();
    return query && page.split("/").pop().startsWith(query) ? score + 100 : score;
  },
  // The scores of Sphinx.
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
