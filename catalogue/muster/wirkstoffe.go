package muster

import (
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/money"
)

// wirkstoff is an ingredient and the packs in which it is sold.
type wirkstoff struct {
	name, atc string
	staerken  []string
	formen    []string // KBV codes
	groessen  []string // "20 N1", "100 N3", "1"
	einheit   string
	preis     money.Cent // ApU of the smallest pack of the weakest strength
	marken    string     // properties, see kenn
}

// kenn says whether the ingredient has a property: rx, btm, t (T-Rezept), kalt, ausn
// (AM-RL Anlage I), life (§ 34 Abs. 1 S. 7 SGB V), neg (Negativliste), fb (Festbetrag),
// nur (one maker), gp (Geheimpreis).
func (w *wirkstoff) kenn(k string) bool {
	for m := range strings.SplitSeq(w.marken, " ") {
		if m == k {
			return true
		}
	}
	return false
}

// wirkstoffe reads the table. Ingredients, ATC codes and pack sizes are the usual
// ones; prices only have the right order of magnitude.
func wirkstoffe() []wirkstoff {
	var list []wirkstoff
	for line := range strings.Lines(tabelle) {
		f := strings.Split(strings.TrimSpace(line), ";")
		if len(f) != 8 {
			continue
		}
		cent, _ := strconv.Atoi(f[6])
		list = append(list, wirkstoff{
			f[0], f[1], strings.Split(f[2], "|"), strings.Split(f[3], "|"), strings.Split(f[4], "|"), f[5],
			money.Cent(cent), f[7],
		})
	}
	return list
}

const tabelle = `
Ibuprofen;M01AE01;400 mg|600 mg|800 mg;FTA;20 N1|50 N2|100 N3;St;112;rx fb
Ibuprofen;M01AE01;200 mg|400 mg;FTA;10|20 N1|50 N2;St;195;
Ibuprofen;M01AE01;20 mg/ml|40 mg/ml;SUE;100 N1|200;ml;220;
Paracetamol;N02BE01;500 mg;TAB|BTA;10|20 N1;St;88;
Paracetamol;N02BE01;75 mg|125 mg|250 mg;KSU;10 N1;St;95;
Metamizol;N02BB02;500 mg;FTA;10 N1|30 N2|50 N3;St;124;rx fb
Metamizol;N02BB02;500 mg/ml;TRO;20 N1|50 N2|100 N3;ml;133;rx fb
Diclofenac;M01AB05;25 mg|50 mg|75 mg;TMR|REK;20 N1|50 N2|100 N3;St;98;rx fb
Diclofenac;M02AA15;10 mg/g|20 mg/g;GEL;60|100|150;g;390;
Naproxen;M01AE02;250 mg|500 mg;TAB;20 N1|50 N2|100 N3;St;180;rx fb
Etoricoxib;M01AH05;30 mg|60 mg|90 mg|120 mg;FTA;20 N1|50 N2|100 N3;St;310;rx fb
Tilidin und Naloxon;N02AX51;50 mg/4 mg|100 mg/8 mg|150 mg/12 mg;RET;20 N1|50 N2|100 N3;St;510;rx fb
Tramadol;N02AX02;50 mg|100 mg|150 mg|200 mg;RET|HKP;20 N1|50 N2|100 N3;St;190;rx fb
Morphin;N02AA01;10 mg|30 mg|60 mg|100 mg;RET;20 N1|50 N2|100 N3;St;620;rx btm fb
Oxycodon;N02AA05;5 mg|10 mg|20 mg|40 mg;RET;20 N1|50 N2|100 N3;St;890;rx btm fb
Hydromorphon;N02AA03;4 mg|8 mg|16 mg;REK;20 N1|50 N2|100 N3;St;1450;rx btm fb
Fentanyl;N02AB03;12 µg/h|25 µg/h|50 µg/h|75 µg/h;PFT;5 N1|10 N2|20 N3;St;1290;rx btm fb
Buprenorphin;N02AE01;5 µg/h|10 µg/h|20 µg/h;PFT;4 N1|8 N2|12 N3;St;1710;rx btm
Methylphenidat;N06BA04;10 mg|18 mg|36 mg|54 mg;RET|HVW;30 N2|100 N3;St;1530;rx btm fb
Ramipril;C09AA05;2,5 mg|5 mg|10 mg;TAB;20 N1|50 N2|100 N3;St;64;rx fb
Enalapril;C09AA02;5 mg|10 mg|20 mg;TAB;30 N1|50 N2|100 N3;St;60;rx fb
Lisinopril;C09AA03;5 mg|10 mg|20 mg;TAB;30 N1|50 N2|100 N3;St;66;rx fb
Candesartan;C09CA06;4 mg|8 mg|16 mg|32 mg;TAB;28 N1|56 N2|98 N3;St;150;rx fb
Valsartan;C09CA03;40 mg|80 mg|160 mg|320 mg;FTA;28 N1|56 N2|98 N3;St;170;rx fb
Telmisartan;C09CA07;20 mg|40 mg|80 mg;TAB;28 N1|56 N2|98 N3;St;165;rx fb
Losartan;C09CA01;25 mg|50 mg|100 mg;FTA;28 N1|56 N2|98 N3;St;145;rx fb
Amlodipin;C08CA01;5 mg|10 mg;TAB;20 N1|50 N2|100 N3;St;62;rx fb
Lercanidipin;C08CA13;10 mg|20 mg;FTA;28 N1|56 N2|98 N3;St;160;rx fb
Bisoprolol;C07AB07;1,25 mg|2,5 mg|5 mg|10 mg;TAB|FTA;30 N1|50 N2|100 N3;St;70;rx fb
Metoprolol;C07AB02;47,5 mg|95 mg|190 mg;RET;30 N1|50 N2|100 N3;St;82;rx fb
Nebivolol;C07AB12;5 mg;TAB;28 N1|56 N2|98 N3;St;130;rx fb
Carvedilol;C07AG02;6,25 mg|12,5 mg|25 mg;FTA;30 N1|50 N2|100 N3;St;110;rx fb
Torasemid;C03CA04;5 mg|10 mg|20 mg;TAB;30 N1|50 N2|100 N3;St;90;rx fb
Furosemid;C03CA01;40 mg|125 mg;TAB;20 N1|50 N2|100 N3;St;75;rx fb
Hydrochlorothiazid;C03AA03;12,5 mg|25 mg;TAB;30 N1|50 N2|100 N3;St;72;rx fb
Spironolacton;C03DA01;25 mg|50 mg|100 mg;FTA;20 N1|50 N2|100 N3;St;160;rx fb
Simvastatin;C10AA01;10 mg|20 mg|40 mg;FTA;30 N1|50 N2|100 N3;St;95;rx fb
Atorvastatin;C10AA05;10 mg|20 mg|40 mg|80 mg;FTA;30 N1|50 N2|100 N3;St;118;rx fb
Rosuvastatin;C10AA07;5 mg|10 mg|20 mg|40 mg;FTA;28 N1|56 N2|98 N3;St;150;rx fb
Ezetimib;C10AX09;10 mg;TAB;30 N1|50 N2|100 N3;St;420;rx fb
Clopidogrel;B01AC04;75 mg;FTA;28 N1|50 N2|100 N3;St;410;rx fb
Acetylsalicylsäure;B01AC06;100 mg;TAB|TMR;50 N2|100 N3;St;110;ausn
Acetylsalicylsäure;N02BA01;500 mg;TAB|BTA;20 N1|40;St;210;
Phenprocoumon;B01AA04;3 mg;TAB;20 N1|50 N2|100 N3;St;210;rx fb
Apixaban;B01AF02;2,5 mg|5 mg;FTA;20 N1|60 N2|200 N3;St;3350;rx
Rivaroxaban;B01AF01;2,5 mg|10 mg|15 mg|20 mg;FTA;28 N1|42 N2|98 N3;St;2680;rx
Enoxaparin;B01AB05;4000 I.E.|6000 I.E.|8000 I.E.;FER;10 N2|20|50;St;3890;rx
Pantoprazol;A02BC02;20 mg|40 mg;TMR;15 N1|30|60 N2|100 N3;St;92;rx fb
Pantoprazol;A02BC02;20 mg;TMR;7|14;St;240;
Omeprazol;A02BC01;10 mg|20 mg|40 mg;KMR;15 N1|30|60 N2|100 N3;St;98;rx fb
Esomeprazol;A02BC05;20 mg|40 mg;TMR;15 N1|30|60 N2|90 N3;St;160;rx fb
Metformin;A10BA02;500 mg|850 mg|1000 mg;FTA;30 N1|120 N2|180 N3;St;88;rx fb
Sitagliptin;A10BH01;25 mg|50 mg|100 mg;FTA;28 N1|56 N2|98 N3;St;1120;rx fb
Empagliflozin;A10BK03;10 mg|25 mg;FTA;28 N1|56 N2|100 N3;St;4320;rx nur
Dapagliflozin;A10BK01;5 mg|10 mg;FTA;28 N1|98 N3;St;3910;rx
Glimepirid;A10BB12;1 mg|2 mg|3 mg|4 mg;TAB;30 N1|120 N2|180 N3;St;130;rx fb
Insulin glargin;A10AE04;100 E/ml|300 E/ml;PEN;5 N1|10 N2;St;4950;rx kalt
Insulin aspart;A10AB05;100 E/ml;PEN|ILO;5 N1|10 N2;St;4410;rx kalt
Semaglutid;A10BJ06;0,25 mg|0,5 mg|1 mg;PEN;1 N1|3 N2;St;7150;rx kalt nur
Levothyroxin;H03AA01;25 µg|50 µg|75 µg|100 µg|125 µg|150 µg;TAB;25 N1|50 N2|100 N3;St;70;rx fb
Allopurinol;M04AA01;100 mg|300 mg;TAB;20 N1|50 N2|100 N3;St;78;rx fb
Prednisolon;H02AB06;1 mg|5 mg|10 mg|20 mg|50 mg;TAB;20 N1|50 N2|100 N3;St;130;rx fb
Dexamethason;H02AB02;0,5 mg|1,5 mg|4 mg|8 mg;TAB;20 N1|50 N2|100 N3;St;310;rx fb
Methotrexat;L04AX03;2,5 mg|10 mg;TAB;10 N1|30 N2|50;St;980;rx fb
Methotrexat;L04AX03;7,5 mg|10 mg|15 mg|20 mg;FER|PEN;1 N1|4|12 N3;St;1900;rx
Citalopram;N06AB04;10 mg|20 mg|40 mg;FTA;20 N1|50 N2|100 N3;St;120;rx fb
Escitalopram;N06AB10;5 mg|10 mg|20 mg;FTA;20 N1|50 N2|100 N3;St;140;rx fb
Sertralin;N06AB06;50 mg|100 mg;FTA;20 N1|50 N2|100 N3;St;150;rx fb
Mirtazapin;N06AX11;15 mg|30 mg|45 mg;FTA|SMT;20 N1|48 N2|96 N3;St;170;rx fb
Venlafaxin;N06AX16;37,5 mg|75 mg|150 mg|225 mg;REK;20 N1|50 N2|100 N3;St;190;rx fb
Duloxetin;N06AX21;30 mg|60 mg;HKM;28 N1|98 N3;St;460;rx fb
Quetiapin;N05AH04;25 mg|50 mg|100 mg|200 mg|300 mg;FTA|RET;20 N1|50 N2|100 N3;St;240;rx fb
Risperidon;N05AX08;0,5 mg|1 mg|2 mg|4 mg;FTA;20 N1|50 N2|100 N3;St;170;rx fb
Olanzapin;N05AH03;2,5 mg|5 mg|10 mg|20 mg;FTA|SMT;28|35 N1|70 N2;St;260;rx fb
Lorazepam;N05BA06;0,5 mg|1 mg|2,5 mg;TAB;10 N1|20 N2|50 N3;St;310;rx fb
Zopiclon;N05CF01;3,75 mg|7,5 mg;FTA;10 N1|20 N2;St;180;rx fb
Pregabalin;N03AX16;25 mg|75 mg|150 mg|300 mg;HKP;21|56 N2|100 N3;St;310;rx fb
Gabapentin;N03AX12;100 mg|300 mg|400 mg|600 mg;HKP;50 N1|100 N2|200 N3;St;420;rx fb
Lamotrigin;N03AX09;25 mg|50 mg|100 mg|200 mg;TAB;50 N1|100 N2|200 N3;St;290;rx fb
Levetiracetam;N03AX14;250 mg|500 mg|750 mg|1000 mg;FTA;50 N1|100 N2|200 N3;St;520;rx fb
Levodopa und Benserazid;N04BA02;100 mg/25 mg|200 mg/50 mg;TAB|HKP;20 N1|50 N2|100 N3;St;540;rx fb
Donepezil;N06DA02;5 mg|10 mg;FTA;28 N1|56 N2|98 N3;St;370;rx fb
Amoxicillin;J01CA04;500 mg|750 mg|1000 mg;FTA;10 N1|14|20 N2|30;St;210;rx fb
Amoxicillin und Clavulansäure;J01CR02;500 mg/125 mg|875 mg/125 mg;FTA;10 N1|20 N2;St;560;rx fb
Cefuroxim;J01DC02;125 mg|250 mg|500 mg;FTA;12 N1|14|24 N2;St;480;rx fb
Doxycyclin;J01AA02;100 mg|200 mg;TAB;10 N1|20 N2;St;170;rx fb
Ciprofloxacin;J01MA02;250 mg|500 mg|750 mg;FTA;10 N1|20 N2;St;260;rx fb
Clarithromycin;J01FA09;250 mg|500 mg;FTA;10 N1|14|20 N2;St;380;rx fb
Azithromycin;J01FA10;250 mg|500 mg;FTA;3 N1|6 N2;St;340;rx fb
Nitrofurantoin;J01XE01;100 mg;REK;20 N2|50 N3;St;410;rx fb
Fosfomycin;J01XX01;3000 mg;GRA;1 N1|2;St;620;rx fb
Aciclovir;J05AB01;200 mg|400 mg|800 mg;TAB;25 N1|35|100 N3;St;560;rx fb
Aciclovir;D06BB03;50 mg/g;CRE;2|5;g;170;
Salbutamol;R03AC02;100 µg;DOS;200 N1|400 N2|600 N3;Hub;420;rx fb
Formoterol;R03AC13;12 µg;IKA|DOS;60 N1|120 N2|180 N3;St;1680;rx fb
Budesonid;R03BA02;200 µg|400 µg;IHP;100 N1|200 N2|400 N3;Hub;1120;rx fb
Budesonid und Formoterol;R03AK07;160 µg/4,5 µg|320 µg/9 µg;IHP;60 N1|120 N2|360 N3;Hub;2890;rx fb
Tiotropium;R03BB04;18 µg;IKA;30 N1|60 N2|90 N3;St;3180;rx
Montelukast;R03DC03;4 mg|5 mg|10 mg;FTA|KTA;20 N1|50 N2|100 N3;St;420;rx fb
Mometason;R01AD09;50 µg;NDS;60 N1|140 N2;Hub;510;
Xylometazolin;R01AA07;0,5 mg/ml|1 mg/ml;NAS|NTR;10 N1|15;ml;170;
Ambroxol;R05CB06;30 mg|75 mg;TAB|REK;20 N1|50 N2|100 N3;St;210;
Ambroxol;R05CB06;15 mg/5 ml|30 mg/5 ml;SAF;100 N1|250 N3;ml;190;
Acetylcystein;R05CB01;200 mg|600 mg;BTA;10|20 N1|50 N2;St;280;
Dextromethorphan;R05DA09;10,5 mg|30 mg;HKP;10|20 N1;St;360;
Cetirizin;R06AE07;10 mg;FTA;7|20 N1|50 N2|100 N3;St;140;
Loratadin;R06AX13;10 mg;TAB;7|20 N1|50 N2|100 N3;St;150;
Desloratadin;R06AX27;5 mg;FTA;20 N1|50 N2|100 N3;St;390;
Loperamid;A07DA03;2 mg;HKP|SMT;10|12;St;220;
Bisacodyl;A06AB02;5 mg;TMR;30|100;St;310;
Macrogol;A06AD65;13,7 g;PLE;10 N1|20|50 N2|100 N3;St;480;ausn
Lactulose;A06AD11;667 mg/ml;SIR;200 N1|500 N2|1000 N3;ml;290;ausn
Simeticon;A03AX13;40 mg|80 mg;KTA;20|50 N2;St;410;
Dimenhydrinat;R06AA02;50 mg;TAB;20 N1|50;St;230;
Metoclopramid;A03FA01;10 mg;TAB;20 N1|50 N2;St;90;rx fb
Ondansetron;A04AA01;4 mg|8 mg;FTA|SMT;6 N1|10|30 N2;St;1190;rx fb
Colecalciferol;A11CC05;20000 I.E.;WKA;10|20 N1|50 N2;St;530;rx
Colecalciferol;A11CC05;1000 I.E.;TAB;50|100|200;St;280;
Magnesium;A12CC30;150 mg|300 mg;BTA|KAP;20 N1|50 N2|100 N3;St;410;
Eisen(II)-sulfat;B03AA07;50 mg|100 mg;TAB;20 N1|50 N2|100 N3;St;360;ausn
Folsäure;B03BB01;5 mg;TAB;20 N1|50 N2|100 N3;St;190;
Cyanocobalamin;B03BA01;1000 µg;AMP|FTA;10 N2|100;St;330;
Dexpanthenol;D03AX03;50 mg/g;CRE|SAL|AUG;5|20|50|100;g;160;
Clotrimazol;D01AC01;10 mg/g;CRE|SPR;20 N1|50 N2;g;230;
Terbinafin;D01AE15;10 mg/g;CRE;15 N1|30;g;330;
Terbinafin;D01BA02;250 mg;TAB;14 N1|28 N2|42;St;980;rx fb
Betamethason;D07AC01;1 mg/g;CRE|SAL;20 N1|50 N2|100 N3;g;240;rx fb
Hydrocortison;D07AA02;2,5 mg/g|5 mg/g;CRE;15|30;g;390;
Methylprednisolonaceponat;D07AC14;1 mg/g;CRE|SAL;25|50 N2|100 N3;g;410;rx fb
Fusidinsäure;D06AX01;20 mg/g;CRE|SAL;15 N1|30;g;430;rx fb
Povidon-Iod;D08AG02;100 mg/g;SAL|LOE;25|100|300;g;420;
Octenidin;D08AJ57;1 mg/g;LOE|SPR;50|250|1000;ml;380;
Hyaluronsäure;S01KA02;1 mg/ml|2 mg/ml;ATR|EDP;10|15|20;ml;560;
Timolol;S01ED01;2,5 mg/ml|5 mg/ml;ATR;5 N1|15|30 N3;ml;430;rx fb
Latanoprost;S01EE01;0,05 mg/ml;ATR;2,5 N1|7,5 N3;ml;690;rx fb kalt
Ofloxacin;S01AE01;3 mg/ml;ATR|AUS;3|5 N1;ml;370;rx fb
Tamsulosin;G04CA02;0,4 mg;REK|RET;20 N1|50 N2|100 N3;St;210;rx fb
Finasterid;G04CB01;5 mg;FTA;30 N1|50 N2|100 N3;St;390;rx fb
Finasterid;D11AX10;1 mg;FTA;28|98;St;1250;rx life
Sildenafil;G04BE03;25 mg|50 mg|100 mg;FTA;4|12|24|48;St;410;rx life
Tadalafil;G04BE08;5 mg|10 mg|20 mg;FTA;4|12|24|84;St;560;rx life
Vareniclin;N07BA03;0,5 mg|1 mg;FTA;28|56|112;St;5600;rx life
Sumatriptan;N02CC01;50 mg|100 mg;FTA;2|6 N1|12 N2;St;420;rx fb
Rizatriptan;N02CC04;5 mg|10 mg;SMT|TAB;3|6 N1|12|18 N3;St;560;rx fb
Alendronsäure;M05BA04;70 mg;TAB;4 N1|12 N3;St;420;rx fb
Denosumab;M05BX04;60 mg;FER;1 N1;St;18700;rx kalt nur
Levonorgestrel und Ethinylestradiol;G03AA07;0,1 mg/0,02 mg|0,15 mg/0,03 mg;TKA;21 N1|63 N2|126 N3;St;390;rx
Levonorgestrel;G03AD01;1,5 mg;TAB;1;St;890;
Estradiol;G03CA03;0,6 mg/g|1 mg/g;GEL;80 N2|250 N3;g;820;rx fb
Thalidomid;L04AX02;50 mg;HKP;28 N1;St;38000;rx t nur
Lenalidomid;L04AX04;5 mg|10 mg|15 mg|25 mg;HKP;21 N1|63;St;51000;rx t
Pomalidomid;L04AX06;1 mg|2 mg|3 mg|4 mg;HKP;21 N1;St;98000;rx t nur
Isotretinoin;D10BA01;10 mg|20 mg;WKA;30 N1|50 N2|100 N3;St;1180;rx
Adalimumab;L04AB04;20 mg|40 mg;FER|PEN;2 N1|6 N3;St;62000;rx kalt fb
Etanercept;L04AB01;25 mg|50 mg;FER|PEN;4 N1|12 N3;St;58000;rx kalt fb
Filgrastim;L03AA02;30 Mio. E|48 Mio. E;FER;1|5 N1;St;7900;rx kalt fb
Trimagecab;L01EX99;100 mg|200 mg;FTA;28 N1|84;St;189000;rx nur gp
Ginkgo-Trockenextrakt;N06DX02;120 mg|240 mg;FTA;30 N1|60 N2|120 N3;St;1190;ausn
Johanniskraut-Trockenextrakt;N06AP01;425 mg|900 mg;FTA;30 N1|60 N2|100 N3;St;690;
Baldrianwurzel-Trockenextrakt;N05CP01;600 mg;UTA;20 N1|50 N2;St;590;
Efeublätter-Trockenextrakt;R05CP02;7 mg/ml;SAF;100 N1|200 N2;ml;420;
Thymiankraut-Fluidextrakt;R05CP01;100 mg/ml;TRO|SAF;30|100 N1;ml;450;
Mariendistelfrüchte-Trockenextrakt;A05BP01;167 mg;HKP;30|60|100;St;980;neg
Artischockenblätter-Trockenextrakt;A05AP02;400 mg;HKP;20|50|100;St;720;neg
`
