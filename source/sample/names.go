package sample

import "strings"

// community is where a family's names come from. Names stand in order of how common they
// are: the first is borne by far more people than the last.
type community struct {
	weight      int
	last        string
	female      string
	male        string
	nationality string
}

// communities returns the communities of the sample, as diverse as Hackney is.
func communities() []community {
	return append(communitiesOfTheIsles(), communitiesFromFurther()...)
}

// wordList splits a list that is written with commas.
func wordList(list string) []string {
	words := strings.Split(list, ",")
	for i, w := range words {
		words[i] = strings.TrimSpace(w)
	}
	return words
}

func communitiesOfTheIsles() []community {
	return []community{
		{
			weight: 300,
			last: `Smith, Jones, Taylor, Brown, Williams, Wilson, Johnson, Davies, Robinson,
				Wright, Thompson, Evans, Walker, White, Roberts, Green, Hall, Wood, Jackson,
				Clarke, Harris, Turner, Hill, Cooper, Ward, Moore, Baker, Harrison, King, Allen,
				Clark, Lee, Cook, Parker, Bennett, Carter, Shaw, Young, Richardson, Marshall,
				Collins, Bailey, Cox, Adams, Webb, Palmer, Mills, Knight, Chapman, Holmes, Barnes,
				Hunt, Fisher, Butler, Barker, Russell, Harvey, Foster, Powell, Matthews, Lloyd,
				Rogers, Gibson, Pearson, Day, Fletcher, Brooks, Andrews, Stone, Cole, West, Dean,
				Lane, Payne, Hudson, Reynolds, Spencer, Walsh, Lawrence, Carr, Saunders, Berry,
				Austin, Page, Perry, Burton, Gardner, Hawkins, Newman, Harding, Wells, Warren,
				Bishop, Kemp, Parsons, Bradley, Barrett, Francis, Osborne, Nicholls, Read, Hart,
				Bird, Lambert, Burgess, Sutton, Peacock, Frost, Goddard, Sharp, Curtis, Field,
				Gould, Tucker, Potter, Pratt, Sanders, Norman, Coles, Bolton, Waters, Kirby,
				Dawson, Steel, Skinner, Wheeler, Nash, Bates, Stokes, Lowe, Finch, Rowe, Winter,
				Hewitt, Larkin, Cobb, Partridge, Thorne, Hollis, Whitaker, Jarvis, Blackwell,
				Fairchild, Ashdown, Penrose, Tidmarsh, Wetherby, Quickfall, Fothergill,
				Featherstonehaugh, Cholmondeley, Satterthwaite, Higginbottom`,
			female: `Margaret, Susan, Sarah, Emma, Olivia, Karen, Jean, Helen, Emily, Lucy,
				Charlotte, Amelia, Jane, Ann, Elizabeth, Mary, Patricia, Christine, Linda, Claire,
				Nicola, Rachel, Rebecca, Hannah, Sophie, Grace, Alice, Ella, Lily, Daisy, Poppy,
				Ruby, Ivy, Florence, Mary Jane, Sarah Louise, Anne-Marie, Joan, Doris, Hilda,
				Edith, Winifred, Gladys, Vera, Beryl, Maureen, Sheila, Pauline, Gillian, Julie,
				Tracey, Michelle, Lisa, Kelly, Stacey, Gemma, Natalie, Danielle, Chelsea, Jade,
				Holly, Zoë, Chloë, Freya, Isla, Mabel, Elsie`,
			male: `John, David, Michael, James, Peter, Paul, Robert, William, George, Thomas,
				Stephen, Andrew, Mark, Richard, Daniel, Jack, Oliver, Harry, Charlie, Alfie,
				Christopher, Simon, Anthony, Kevin, Gary, Alan, Brian, Keith, Colin, Derek, Roy,
				Ronald, Kenneth, Raymond, Dennis, Albert, Ernest, Frederick, Stanley, Leonard,
				Arthur, Henry, Edward, Samuel, Benjamin, Joseph, Luke, Adam, Ryan, Lee, Dean,
				Wayne, Craig, Scott, Jamie, Liam, Lewis, Archie, Freddie, Theo, Noah, Toby,
				Billy Joe, John Paul, Stephen James`,
			nationality: "British, English, United Kingdom",
		},
		{
			weight: 50,
			last: `Murphy, Kelly, O'Brien, O’Neill, Byrne, Ryan, O'Sullivan, Walsh, O’Connor,
				Doyle, McCarthy, Gallagher, Kennedy, Lynch, Murray, Quinn, O'Reilly, Moran,
				Doherty, Nolan, O’Donnell, Farrell, Fitzgerald, Brennan, Daly, McLoughlin,
				O'Keeffe, Burke, Healy, Sheehan, D’Arcy, O'Shea, Ní Bhriain, Mac Cárthaigh,
				Ó Súilleabháin, Cassidy, Fahy`,
			female: `Mary, Bridget, Kathleen, Siobhán, Aoife, Niamh, Ciara, Maeve, Sinéad, Róisín,
				Deirdre, Nora, Eileen, Maura, Orla, Gráinne, Caoimhe, Bernadette, Mary Kate,
				Noreen`,
			male: `Patrick, Seán, Michael, Liam, Conor, Declan, Brendan, Eamonn, Aidan, Niall,
				Cormac, Fergus, Séamus, Pádraig, Diarmuid, Tomás, Kieran, Donal, Gerard,
				Martin Joseph`,
			nationality: "Irish, Republic of Ireland, British",
		},
		{
			weight: 30,
			last: `Campbell, Stewart, MacDonald, Robertson, Thomson, Anderson, Reid, Ross,
				Morrison, Fraser, McKenzie, Cameron, Hamilton, Graham, MacLeod, Gordon, Sinclair,
				Munro, M'Cullough, Buchanan, Drummond, McAllister, Farquharson, Auchterlonie`,
			female: `Fiona, Morag, Catriona, Kirsty, Mhairi, Eilidh, Isobel, Shona, Agnes, Una,
				Ishbel, Ailsa, Elspeth, Heather, Lorna`,
			male: `Alasdair, Ewan, Hamish, Gordon, Angus, Callum, Iain, Fraser, Rory, Duncan,
				Murdo, Finlay, Struan, Gregor, Lachlan`,
			nationality: "British, Scottish",
		},
		{
			weight: 20,
			last: `Jones, Evans, Davies, Hughes, Morgan, Griffiths, Lewis, Price, Rees, Jenkins,
				Owen, Llewellyn, Pritchard, Bowen, Gwynne, Vaughan, Probert, ap Rhys, Cadwallader`,
			female: `Megan, Sian, Siân, Rhiannon, Carys, Ffion, Angharad, Bronwen, Nerys, Eleri,
				Glenys, Gwenllian, Myfanwy, Catrin, Non`,
			male: `Gareth, Rhys, Dylan, Huw, Owain, Ieuan, Emyr, Gwilym, Aled, Dafydd, Geraint,
				Iolo, Llŷr, Macsen, Tudur`,
			nationality: "British, Welsh",
		},
		{
			weight: 110,
			last: `Campbell, Brown, Williams, Gordon, Francis, Joseph, Charles, Grant, Clarke,
				Samuels, Henry, Morgan, Reid, Bailey, Edwards, Pierre, Alexander, Baptiste, Lewis,
				Douglas, Blake, Thomas, St. Louis, Wedderburn, Gayle, Barrett, Walcott, Hylton,
				St Hilaire, Augustin, Codrington, Fontenelle, Lindo, Prendergast, Pinnock,
				Greenidge, Estwick`,
			female: `Marcia, Beverley, Sharon, Yvonne, Claudette, Shanice, Aaliyah, Keisha,
				Monique, Jasmine, Hyacinth, Icilda, Verna, Merlene, Paulette, Cherelle, Tanisha,
				Donna, Esme, Pearline, Jada, Tia-Mae, Shaniqua, Ophelia, Gloria, Lavern`,
			male: `Winston, Delroy, Leroy, Marcus, Jerome, Dwayne, Tyrone, Jermaine, Desmond,
				Carlton, Errol, Clive, Neville, Everton, Curtis, Kieron, Tyrese, Malachi, Isaiah,
				Micah, Jahmal, Lloyd, Vincent, Cuthbert, Ezekiel, D'Andre`,
			nationality: `British, Jamaican, Barbadian, St Lucian, Trinidadian, Guyanese,
				Dominican, Grenadian`,
		},
		{
			weight: 100,
			last: `Cohen, Levy, Goldberg, Friedman, Weiss, Klein, Schwartz, Grosz, Stern,
				Rosenberg, Berger, Katz, Spitzer, Halpern, Feldman, Landau, Teitelbaum, Roth,
				Grünwald, Kahan, Steinberg, Weinberger, Lipschitz, Braun, Brückner, Rabinowitz,
				Horowitz, Hershkowitz, Gluck, Guttman, Englander, Oberlander, Schlesinger,
				Moskovits, Ben-David, Bar Lev`,
			female: `Sarah, Rivka, Esther, Leah, Chaya, Miriam, Rochel, Chana, Devorah, Malka,
				Gitty, Blimi, Faigy, Hindy, Shaindy, Yocheved, Bracha, Chaya Sarah, Esther Malka,
				Ruchy, Zissel, Pessy, Tzivia, Bluma, Raizy, Frumet`,
			male: `Moshe, Yosef, Avrohom, Yitzchok, Chaim, Shmuel, Yaakov, Menachem, Dovid,
				Mordechai, Shloime, Eliezer, Yisroel, Naftoli, Mendel, Hershel, Zvi, Aharon,
				Pinchas, Yehuda, Moshe Chaim, Yoel, Lipa, Usher, Baruch, Simcha, Chaim Yisroel,
				Wolf`,
			nationality: "British, Israeli, United States, Belgian",
		},
	}
}
