// deploy: the sample conference's call for abstracts as it was announced, and three dozen abstracts that answered it; all of them made up.
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const when = (text) => ({ text, label: 'CET', zone: 'Europe/Copenhagen' });

const CALL = {
	opens: when('2020-12-16 00:00'),
	closes: when('2021-03-02 14:00'),
	grace_s: 300,
	limit: 2500,
	answers: 'mid March 2021',
	answers_da: 'medio marts 2021',
	intro: 'Short talks are given to selected applicants. Abstracts are evaluated in early March. For approved applicants the conference covers registration, accommodation and local costs. Travel is not covered.',
	intro_da: 'Korte foredrag gives til udvalgte ansøgere. Abstracts bedømmes primo marts. For godkendte ansøgere dækker konferencen registrering, ophold og lokale udgifter. Rejsen dækkes ikke.',
	consents: [
		{ kind: 'data', required: true, text: 'My name, address and abstract may be kept and read for the selection of this conference.', text_da: 'Mit navn, min adresse og mit abstract må gemmes og læses til udvælgelsen til denne konference.' },
		{ kind: 'authors', required: true, text: 'All authors know of this abstract and agree to it.', text_da: 'Alle forfattere kender dette abstract og er enige i det.' },
		{ kind: 'book', required: false, text: 'If it is accepted, the abstract may be printed in the abstract book.', text_da: 'Bliver det antaget, må mit abstract trykkes i abstractbogen.' },
		{ kind: 'recording', required: false, text: 'If I give a talk, it may be recorded.', text_da: 'Holder jeg et foredrag, må det optages.' },
	],
	expect_version: 0,
};

// By topic, in the order of the programme's topics.
const TITLES = [
	['Rapid sequencing of tumours from a drop of blood', 'Mosaic variants that a single biopsy does not show', 'Long reads resolve what short reads called normal', 'A pocket test for eleven resistance genes', 'Splicing variants in inherited heart disease'],
	['A panel of four proteins tells sepsis from its mimics', 'Which of two arthritis drugs: a score from routine tests', 'Stratifying asthma by what the airways breathe out', 'Early signs of kidney injury after contrast', 'Methylation age as a marker of frailty'],
	['What a model may say when it is not sure', 'Federated learning over nine hospitals and one coastline', 'Alarms that learn from the nurses who silence them', 'Explaining a risk score in eighty words', 'Missing data are not missing at random in the ward'],
	['Cells that wait: a switch for engineered T cells', 'Local delivery of antibodies to the inflamed gut', 'Why some patients outlive their resistance', 'Two targets, one molecule: first results in the dish'],
	['Dosing warfarin by genotype in a county hospital', 'When the genes say no: alerts that doctors read', 'Codeine, children and fast metabolisers', 'A registry of side effects kept by patients'],
	['A trial without a centre: two thousand homes', 'Randomising at the general practitioner', 'Stopping early, and how to tell people', 'Consent on a phone: what people understood'],
	['What donors want to hear back', 'Trust after a data breach: interviews in three towns', 'Patients on the board: who speaks and who is heard', 'Returning results that nobody asked for', 'Precision medicine and people without a doctor'],
	['From bench to ward in ninety days', 'The freezer that failed: lessons of a biobank', 'Bringing back to the laboratory what the ward has seen', 'A shared language for pathologists and engineers'],
];
const NAMES = ['Agnes Lindqvist', 'Mikkel Brandt', 'Sunniva Øvrebø', 'Jörg Äpfelbach', 'Noor van Dijk', 'Oluwaseun Adebayo', 'Élodie Fournier', 'Kasper Nygård', 'Ingrid Þorvaldsdóttir', 'Wei-Ling Chen', 'Søren Højgaard', 'Anneke Bosch', 'Tomasz Wójcik', 'Leila Haddad', 'Åse Ærøskov', 'Rafael Ibáñez'];
const PLACES = ['University Hospital of the Sound', 'Institute of Molecular Medicine, Lund', 'Department of Clinical Data, Aarhus', 'Favrholm Laboratory', 'Faculty of Medicine, Bergen', 'Centre for Patients and Data, Utrecht'];
const pick = (list, n) => list[n % list.length];

function abstracts(topics, attendee) {
	const rows = [];
	for (const [t, titles] of TITLES.entries()) {
		for (const [i, title] of titles.entries()) {
			const n = rows.length;
			const name = pick(NAMES, n * 5 + t);
			const others = Array.from({ length: n % 4 }, (_, k) => ({ name: pick(NAMES, n * 5 + t + k + 1), affiliation: pick(PLACES, n + k + 1) }));
			const email = attendee(21 + n);
			const day = new Date(Date.UTC(2021, 0, 11) + n * 34 * 3600e3);
			rows.push({
				source: `sample-${n + 1}`,
				number: n + 1,
				email,
				name,
				title,
				body: `Background. ${title}: the question has been open for years, and it matters to patients now. `
					+ `Methods. We looked at ${40 + ((n * 37) % 400)} cases from ${2 + (n % 5)} sites, followed for ${6 + (n % 18)} months. `
					+ `Results. In ${50 + ((n * 13) % 45)} per cent the answer came earlier than by the way it is done today; what was missed is listed. `
					+ 'Conclusion. It can be done in everyday care, and we say what it costs. (This abstract is made up.)',
				wish: pick(['either', 'talk', 'talk', 'poster'], n),
				mode: n % 5 === 4 ? 'online' : 'on_site',
				state: n === 17 ? 'withdrawn' : 'submitted',
				submitted: day.toISOString(),
				topics: [topics[t], ...(i === 2 ? [topics[(t + 3) % topics.length]] : [])],
				authors: [{ name, affiliation: pick(PLACES, n), email, presents: true }, ...others],
				// What the form does not let through without, and of the rest what people say.
				consents: CALL.consents.filter(({ kind, required }) => required || (kind === 'book' ? n % 7 !== 3 : n % 3 !== 1))
					.map(({ kind }) => ({ kind, given: true, at: day.toISOString() })),
			});
		}
	}
	return rows;
}

// The call, and what came in. topics: names in the order of the programme.
export async function seedCall(instance, slug, topics, attendee) {
	await instance.call('call.save', CALL, slug);
	const rows = abstracts(topics, attendee);
	const file = path.join(instance.dir, 'abstracts.json');
	writeFileSync(file, JSON.stringify({ abstracts: rows }));
	await instance.plenum(['import', 'abstracts', file, '--into', slug]);
	return rows.length;
}
