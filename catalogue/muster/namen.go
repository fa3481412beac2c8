package muster

import "strings"

// hersteller are invented makers. The first third makes generics.
func hersteller() []string {
	return strings.Split(strings.ReplaceAll(strings.TrimSpace(herstellerText), "\n", ","), ",")
}

const herstellerText = `
Nordhaus,Demopharm,Lindenfels,Talpha,Weserpharm,Hansegen,Rheinovia,Alpengen,Isaria,Brockenpharm
Kranichwerk,Elbamed,Saalegen,Neckarion,Mainavis,Spreetal,Havelogen,Ostseemed,Eiderpharm,Unstrut Arznei
Werragen,Fuldana,Lahnomed,Moselogen,Donavia
Bernwald,Silberbach,Ahornquell,Felsenkamp,Dr. Tannhof,Dr. Rabental,Dr. Wiesengrund,Kloster Eichwald
Birkenau Natur,Heidekraut,Quellborn,Sonnwend,Morgentau,Lichtental,Buchenrain,Salzgrund,Steinfurth
Auenland Pflege,Dermavia,Hautwerk,Lavensa,Babymond,Zwergenland,Zahnfee Dental,Kosmetikum Adler
Medikamp,Stuetzwerk,Bandagil,Orthovia,Pflasterhof,Wundinova,Diabelis,Messpunkt,Atemwerk,Kanulex
Impfwerk Nord,Vaccinova,Cellonis,Onkavis,Biotalis,Immunogard,Rara Pharma,Cannaris,Gruenblatt
Reimport Kontor,Eurowege,Grenzland Arznei,Paralleli,Brueckenpharm
`

const (
	bisGenerika = 25 // makers of generics in hersteller
	vonMarken   = 25 // makers of brands
	vonPflege   = 42 // cosmetics and food
	vonHilfen   = 50 // aids, dressings, tests
	vonImpf     = 60
	vonImport   = 69
)

// The syllables of invented brands.
const (
	markeAnfang = `Ato Bel Cor Dol Eli Fen Gra Hel Iso Kal Lor Mag Neo Oxa Pan Qui Ran Sal Tro Ulc Ven Xar Zol
 Ami Bro Cef Dia Ery Flu Gly Nas Vit Der Pro Sin Rhi Bron Lax Kar Myk Hus Gas Bal Nor Lum Ven Sed`
	markeMitte = `va lo ri mi ta ne so xi pa do cu fe li ro za bi ga no te ka mu di`
	markeEnde  = `tin lan dorm sal gen med vit ran zid cor fen lax dyn vent tuss derm flex san pect mol zin tan gam
 nol ril`
	zusaetze = `akut protect comp plus forte mite N retard Komfort direkt Kinder express sensitiv extra long uno`
)

// ware is a line of goods other than drugs: name, sizes, unit, form and price.
type ware struct {
	art      string
	name     string
	groessen []string
	einheit  string
	form     string
	preis    int // purchase, cents
	marken   string
}

func waren() []ware {
	var list []ware
	for line := range strings.Lines(warenText) {
		f := strings.Split(strings.TrimSpace(line), ";")
		if len(f) != 7 {
			continue
		}
		list = append(list, ware{f[0], f[1], strings.Split(f[2], "|"), f[3], f[4], number(f[5]), f[6]})
	}
	return list
}

func number(s string) int {
	n := 0
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

// Marks: e reduced VAT, k cold chain.
const warenText = `
freiwahl;Feuchtigkeitscreme Gesicht;30|50;ml;CRE;640;
freiwahl;Nachtpflege Anti-Falten;50;ml;XNC;1490;
freiwahl;Tagespflege LSF 30;40|50;ml;XTC;1280;
freiwahl;Duschgel sensitiv;200|400;ml;XDG;310;
freiwahl;Shampoo gegen Schuppen;150|250;ml;SHA;420;
freiwahl;Körperlotion Urea 10 %;200|400;ml;LOT;590;
freiwahl;Handcreme Kamille;75|100;ml;CRE;260;
freiwahl;Lippenpflegestift;1;St;STI;150;
freiwahl;Sonnenmilch LSF 50;100|200;ml;LOT;890;
freiwahl;Zahncreme Fluorid;75;ml;ZCR;180;
freiwahl;Zahnbürste mittel;1|2;St;ZBU;140;
freiwahl;Babypflege Wundcreme;75|150;ml;CRE;380;
freiwahl;Kräutertee Pfefferminze;20|25;St;FBE;190;e
freiwahl;Fencheltee;20|100;St;TEE;180;e
freiwahl;Hustenbonbons Salbei zuckerfrei;50|75;g;BON;110;e
freiwahl;Traubenzucker Kautabletten;17|50;St;KTA;60;e
freiwahl;Nahrungsergänzung Omega-3;60|120;St;KAP;830;e
freiwahl;Nahrungsergänzung Vitamin B Komplex;30|100;St;KAP;620;e
freiwahl;Nahrungsergänzung Zink;60|120;St;TAB;420;e
freiwahl;Anfangsmilch Pre;400|800;g;PUL;990;e
freiwahl;Trinknahrung Vanille;4X200|24X200;ml;FLE;820;e
freiwahl;Massageöl Arnika;100|200;ml;OEL;560;
medizinprodukt;Kochsalz-Nasenspray;20|100;ml;NAS;260;
medizinprodukt;Meerwasser-Nasendusche Salz;20|50;St;BEU;410;
medizinprodukt;Fieberthermometer digital;1;St;;390;
medizinprodukt;Blutdruckmessgerät Oberarm;1;St;;3190;
medizinprodukt;Wärmflasche;1;St;;610;
medizinprodukt;Schwangerschaftstest;1|2;St;TES;310;
medizinprodukt;Läusemittel Dimeticon;50|100;ml;LOE;720;
medizinprodukt;Wund- und Heilgel;20|50;g;GEL;480;
verbandmittel;Wundpflaster elastisch;10|20|100;St;PFL;210;
verbandmittel;Mullkompressen steril 10x10 cm;2X5|25X2;St;KOM;240;
verbandmittel;Elastische Binde 8 cm x 5 m;1|10;St;BIN;190;
verbandmittel;Schaumverband 10x10 cm;5|10;St;VER;3120;
verbandmittel;Hydrokolloidverband 15x15 cm;5|10;St;VER;3980;
verbandmittel;Fixierpflaster 5 cm x 5 m;1;St;PFL;320;
verbandmittel;Wundgaze mit Salbe 10x20 cm;10|30;St;WGA;1480;
hilfsmittel;Kompressionsstrümpfe KKL 2 Paar;1;St;;3290;
hilfsmittel;Kniebandage Größe M;1;St;BAN;3650;
hilfsmittel;Inhalationsgerät;1;St;;7200;
hilfsmittel;Unterarmgehstützen Paar;1;St;;1290;
hilfsmittel;Milchpumpe elektrisch;1;St;;9800;
hilfsmittel-verbrauch;Inkontinenzeinlagen normal;28|112;St;;1190;
hilfsmittel-verbrauch;Inkontinenzvorlagen super;20|120;St;;1480;
hilfsmittel-verbrauch;Pen-Kanülen 31 G 5 mm;100;St;KAN;1390;
hilfsmittel-verbrauch;Lanzetten 30 G;50|200;St;LAN;340;
hilfsmittel-verbrauch;Einmalkatheter CH 14;30;St;KAT;5900;
hilfsmittel-verbrauch;Stomabeutel geschlossen;30;St;BEU;8900;
hilfsmittel-verbrauch;Insulinspritzen U 100 1 ml;30|100;St;SRI;1180;
pflegehilfsmittel;Bettschutzeinlagen 60x90 cm;25|100;St;;980;
pflegehilfsmittel;Einmalhandschuhe Nitril M;100;St;HAS;590;
pflegehilfsmittel;Händedesinfektion;500|1000;ml;LOE;480;
pflegehilfsmittel;Schutzschürzen;100;St;;690;
pflegehilfsmittel;FFP2-Masken;10|20;St;;620;
teststreifen;Blutzuckerteststreifen;25|50|100;St;TTR;1390;
teststreifen;Ketonteststreifen;10|50;St;TTR;1280;
teststreifen;Harnteststreifen Eiweiß;50;St;TTR;890;
impfstoff;Influenza-Impfstoff Saison;1|10;St;FER;1290;k
impfstoff;FSME-Impfstoff Erwachsene;1|10;St;FER;3390;k
impfstoff;Tetanus-Diphtherie-Pertussis-Impfstoff;1|10;St;FER;2580;k
impfstoff;Hepatitis-B-Impfstoff;1|10;St;FER;5180;k
impfstoff;Pneumokokken-Impfstoff;1|10;St;FER;6840;k
impfstoff;Herpes-Zoster-Impfstoff;1|10;St;DFL;11900;k
`
